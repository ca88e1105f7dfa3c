//! The load generator: so many connections, each sending its next request when it has the answer to the last.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use bytes::Bytes;
use chrono::{Days, NaiveDate};
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use shared::resident_id::ResidentId;

use crate::server::{connect, exchange, request};

const REGION: &str = "310101";
/// Men, and women, that the numbers of one birthday in one region have room for.
const COUPLES_A_DAY: u64 = 499;
/// Birthdays to choose from: 1960 to 1999.
const BIRTHDAYS: u64 = 14_600;

/// What is asked of a server.
#[derive(Clone)]
pub(crate) enum Work {
    /// The same page of free seats, again and again.
    Availability {
        /// Its path and query.
        path: String,
    },
    /// Different requests of one kind in turn.
    Reads {
        /// Their paths and queries.
        paths: Arc<[String]>,
        /// How many were sent so far.
        sent: Arc<AtomicU64>,
    },
    /// Bookings of couples that never booked before.
    Booking {
        /// Where there are seats.
        office: &'static str,
        /// When: slots in turn.
        starts: Arc<[String]>,
        /// How many couples there were so far.
        couples: Arc<AtomicU64>,
        /// With an `Idempotency-Key` of its own.
        keyed: bool,
    },
}

impl Work {
    fn expected(&self) -> StatusCode {
        match self {
            Self::Availability { .. } | Self::Reads { .. } => StatusCode::OK,
            Self::Booking { .. } => StatusCode::CREATED,
        }
    }

    fn next(&self) -> anyhow::Result<Request<Full<Bytes>>> {
        let (office, starts, couples, keyed) = match self {
            Self::Availability { path } => return Ok(request(Method::GET, path).body(Full::default())?),
            Self::Reads { paths, sent } => {
                let turn = usize::try_from(sent.fetch_add(1, Ordering::Relaxed))? % paths.len().max(1);
                let path = paths.get(turn).context("no path")?;
                return Ok(request(Method::GET, path).body(Full::default())?);
            }
            Self::Booking { office, starts, couples, keyed } => (office, starts, couples, keyed),
        };
        let couple = couples.fetch_add(1, Ordering::Relaxed);
        let turn = usize::try_from(couple % u64::try_from(starts.len())?.max(1))?;
        let start = starts.get(turn).context("no slot")?;
        let first_day = NaiveDate::from_ymd_opt(1960, 1, 1).context("no day")?;
        let born = first_day + Days::new(couple / COUPLES_A_DAY % BIRTHDAYS);
        let man = u16::try_from(couple % COUPLES_A_DAY)? * 2 + 1;
        let (man, woman) =
            (ResidentId::compose(REGION, born, man)?, ResidentId::compose(REGION, born, man + 1)?);
        let party = |name: &str, id: &ResidentId| {
            format!(
                r#"{{"name":"{name}","id_type":"resident_id","id_number":"{}","phone":"13800000000"}}"#,
                id.expose()
            )
        };
        let body = format!(
            r#"{{"office_id":"{office}","service":"marriage","start":"{start}","parties":[{},{}]}}"#,
            party("样例甲", &man),
            party("样例乙", &woman)
        );
        let mut request = request(Method::POST, "/api/v1/marriage/appointments");
        if *keyed {
            request = request.header("idempotency-key", format!("bench-{couple}"));
        }
        Ok(request.body(Full::from(body))?)
    }
}

/// What was measured.
#[derive(Default)]
pub(crate) struct Measured {
    latencies: Vec<Duration>,
    elapsed: Duration,
    /// Answers other than the expected.
    pub(crate) errors: usize,
    /// The first of them.
    pub(crate) first_error: Option<String>,
}

impl Measured {
    /// Adds another round of the same.
    pub(crate) fn add(&mut self, other: Self) {
        self.elapsed += other.elapsed;
        self.join(other);
    }

    fn join(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }

    /// Good answers a second.
    pub(crate) fn throughput(&self) -> f64 {
        let count = u32::try_from(self.latencies.len()).unwrap_or(u32::MAX);
        f64::from(count) / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    /// The latency in milliseconds that so many per cent of the answers keep.
    pub(crate) fn percentile_ms(&mut self, percent: usize) -> f64 {
        self.latencies.sort_unstable();
        let index = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(index).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
    }
}

/// Loads a server for a time.
pub(crate) async fn drive(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    work: &Work,
) -> anyhow::Result<Measured> {
    let began = Instant::now();
    let tasks: Vec<_> =
        (0..connections).map(|_| tokio::spawn(one_connection(address, began + time, work.clone()))).collect();
    let mut all = Measured::default();
    let patience = time + Duration::from_secs(30);
    for task in tasks {
        let left = patience.saturating_sub(began.elapsed());
        all.join(tokio::time::timeout(left, task).await.context("a connection hangs")???);
    }
    all.elapsed = began.elapsed();
    Ok(all)
}

async fn one_connection(address: SocketAddr, until: Instant, work: Work) -> anyhow::Result<Measured> {
    let mut sender = connect(address).await?;
    let mut measured = Measured::default();
    while Instant::now() < until {
        let request = work.next()?;
        let began = Instant::now();
        let (status, body) = exchange(&mut sender, request).await?;
        if status == work.expected() {
            measured.latencies.push(began.elapsed());
        } else {
            measured.errors += 1;
            let told = || format!("{status}: {}", String::from_utf8_lossy(&body));
            measured.first_error.get_or_insert_with(told);
        }
    }
    Ok(measured)
}
