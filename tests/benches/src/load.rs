//! The load generator: so many connections, each sending its next request when it has the answer to the last. A wrong
//! answer ends it: a measurement with one in it says nothing.

mod beds;
mod volunteer;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use chrono::{Days, NaiveDate};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use shared::resident_id::ResidentId;

pub(crate) use beds::{Room, change_counts, decline_offer};
pub(crate) use volunteer::{publish, register, sign_up_and_withdraw};

use crate::server::{Sender, connect, exchange, request};

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
    /// New counts of a room, which each connection has for itself.
    Counts {
        /// The rooms.
        rooms: Arc<[Room]>,
        /// Of staff who may change them.
        token: Arc<str>,
    },
    /// Applications of people who never applied before, for a room that each connection has for itself; a bed is offered
    /// and declined.
    Offers {
        /// Rooms with a free bed.
        rooms: Arc<[Room]>,
        /// Of staff who may offer it.
        token: Arc<str>,
        /// How many people there were so far.
        people: Arc<AtomicU64>,
    },
    /// Sign-ups that are taken back, each connection's volunteer for a shift of their own.
    Signups {
        /// The shifts.
        shifts: Arc<[String]>,
        /// The volunteers' tokens.
        tokens: Arc<[String]>,
    },
}

impl Work {
    /// Does the work once on a connection; how long the answers took.
    async fn once(&self, sender: &mut Sender, connection: usize) -> anyhow::Result<Duration> {
        let own = |rooms: &[Room]| rooms.get(connection).cloned().context("more connections than rooms");
        let (request, expected) = match self {
            Self::Availability { path } => (get(path)?, StatusCode::OK),
            Self::Reads { paths, sent } => {
                let turn = usize::try_from(sent.fetch_add(1, Ordering::Relaxed))? % paths.len().max(1);
                (get(paths.get(turn).context("no path")?)?, StatusCode::OK)
            }
            Self::Booking { .. } => (self.booking()?, StatusCode::CREATED),
            Self::Counts { rooms, token } => {
                let room = own(rooms)?;
                let began = Instant::now();
                change_counts(sender, &room, token).await?;
                return Ok(began.elapsed());
            }
            Self::Offers { rooms, token, people } => {
                let (room, person) = (own(rooms)?, people.fetch_add(1, Ordering::Relaxed));
                let began = Instant::now();
                decline_offer(sender, &room, token, person).await?;
                return Ok(began.elapsed());
            }
            Self::Signups { shifts, tokens } => {
                let own = shifts.get(connection).zip(tokens.get(connection));
                let (shift, token) = own.context("more connections than volunteers")?;
                let began = Instant::now();
                sign_up_and_withdraw(sender, shift, token).await?;
                return Ok(began.elapsed());
            }
        };
        let began = Instant::now();
        ask(sender, request, expected).await?;
        Ok(began.elapsed())
    }

    fn booking(&self) -> anyhow::Result<Request<Full<Bytes>>> {
        let Self::Booking { office, starts, couples, keyed } = self else { bail!("no booking") };
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

fn get(path: &str) -> anyhow::Result<Request<Full<Bytes>>> {
    Ok(request(Method::GET, path).body(Full::default())?)
}

/// Sends a request whose answer has to have this status.
async fn ask(
    sender: &mut Sender,
    request: Request<Full<Bytes>>,
    expected: StatusCode,
) -> anyhow::Result<Response<Bytes>> {
    let answer = exchange(sender, request).await?;
    let (status, body) = (answer.status(), answer.body());
    ensure!(status == expected, "a wrong answer: {status}: {}", String::from_utf8_lossy(body));
    Ok(answer)
}

/// What was measured.
#[derive(Default)]
pub(crate) struct Measured {
    latencies: Vec<Duration>,
    elapsed: Duration,
}

impl Measured {
    /// Adds another round of the same.
    pub(crate) fn add(&mut self, other: Self) {
        self.elapsed += other.elapsed;
        self.latencies.extend(other.latencies);
    }

    /// Answers a second.
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
    let tasks: Vec<_> = (0..connections)
        .map(|connection| tokio::spawn(one_connection(address, began + time, work.clone(), connection)))
        .collect();
    let mut latencies = Vec::new();
    let patience = time + Duration::from_secs(30);
    for task in tasks {
        let left = patience.saturating_sub(began.elapsed());
        latencies.extend(tokio::time::timeout(left, task).await.context("a connection hangs")???);
    }
    Ok(Measured { latencies, elapsed: began.elapsed() })
}

async fn one_connection(
    address: SocketAddr,
    until: Instant,
    work: Work,
    connection: usize,
) -> anyhow::Result<Vec<Duration>> {
    let mut sender = connect(address).await?;
    let mut latencies = Vec::new();
    while Instant::now() < until {
        latencies.push(work.once(&mut sender, connection).await?);
    }
    Ok(latencies)
}
