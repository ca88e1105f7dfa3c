//! Beds: searches on the same copies, counts, applications and offers by the same statements.
//!
//! What the app does once a second at most is left out: looking for what was left undone, and counting searches.

mod applications;
mod counts;

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use beds::{
    domain::{Block, Rules},
    wire::{InstitutionsQuery, Moment, Page},
};
use chrono::{DateTime, Utc};
use http::HeaderMap;
use rusqlite::Connection;
use shared::{
    auth::{Credential, Role, Staff, StaffVerifier},
    calendar,
    extract::{Query, cacheable},
    privacy::Keys,
    problem::{ApiError, ApiResult},
};

use super::{Readers, Variables, Writer, copies::Copies};

const LAST_SUBSCRIPTION: &str = include_str!("../../../../functions/beds/sql/last_subscription.sql");
const READ_OPENINGS: &str = include_str!("../../../../functions/beds/sql/read_openings.sql");
const CLOSE_OPENINGS: &str = include_str!("../../../../functions/beds/sql/close_openings.sql");
/// As the manifest has them for this machine.
const ISSUER: &str = "minzheng-local";
const AUDIENCE: &str = "minzheng";
const CALLER_HEADER: &str = "spin-client-addr";

struct App {
    copies: Copies<Block>,
    truth: Arc<Readers>,
    writer: Writer,
    keys: Keys,
    staff: StaffVerifier,
    rules: Rules,
}

/// Serves the database and the key-value store in these files, with the keys of a state folder, until the process is ended.
pub(crate) fn serve(database: &Path, key_values: &Path, state: &Path) -> anyhow::Result<()> {
    let variables = Variables::of(state)?;
    let app = Arc::new(App {
        copies: Copies::of("beds", database, key_values),
        truth: Readers::of(database).into(),
        writer: Writer::of(database)?,
        keys: variables.keys()?,
        staff: StaffVerifier::new(
            variables.get("SPIN_VARIABLE_STAFF_JWKS")?,
            ISSUER.into(),
            AUDIENCE.into(),
        )?,
        rules: Rules::embedded()?,
    });
    let api = Router::new()
        .route("/institutions", get(list))
        .route("/institutions/{id}/rooms/{room_type}/counts", get(counts::read).put(counts::set))
        .route("/applications", post(applications::create))
        .route("/applications/{reference}/offers", post(applications::offer))
        .route("/applications/{reference}/offers/{offer}/decline", post(applications::decline));
    super::serve(Router::new().nest("/api/v1/beds", api).with_state(app))
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap, query: Query) -> ApiResult<Response> {
    let moment = app.moment(Utc::now())?;
    let asked = query.read(|q| InstitutionsQuery::read(q, (20, 100)))?;
    let body =
        tokio::task::spawn_blocking(move || app.find(&asked, moment)).await.map_err(ApiError::internal)?;
    cacheable(&headers, "public, max-age=30", body?)
}

impl App {
    fn moment(&self, now: DateTime<Utc>) -> ApiResult<Moment> {
        let ages = self.rules.ages(calendar::day_of(now)).map_err(ApiError::internal)?;
        Ok((ages, now.timestamp()))
    }

    fn number(&self, name: &str, now: DateTime<Utc>) -> ApiResult<u32> {
        self.rules.number(name, calendar::day_of(now)).map_err(ApiError::internal)
    }

    fn manager(&self, credential: &Credential) -> ApiResult<Staff> {
        let staff = credential.staff(&self.staff)?;
        staff.require(&[Role::CareManager, Role::Admin])?;
        Ok(staff)
    }

    fn find(&self, asked: &InstitutionsQuery, moment: Moment) -> ApiResult<Vec<u8>> {
        let search = &asked.search;
        let groups = self.copies.groups()?;
        let mut hits = search.walk.hits();
        for (least, group) in search.walk.area.order(&groups) {
            if hits.are_complete(least) {
                break;
            }
            search.judge(&self.copies.block(group)?, moment, &mut hits);
        }
        let (hits, next) = search.walk.page(hits);
        Page { search, subsidy: None, next: next.as_ref(), moment }.institutions(&hits)
    }

    /// Looks for whoever wants to hear of the beds that opened; in a benchmark nobody does.
    async fn tell(self: &Arc<Self>) -> ApiResult<()> {
        let read = |c: &Connection| {
            let everybody: i64 = c.prepare_cached(LAST_SUBSCRIPTION)?.query_row([], |row| row.get(0))?;
            let last: Option<i64> =
                c.prepare_cached(READ_OPENINGS)?.query_row([2_000], |row| row.get("last"))?;
            Ok((everybody, last))
        };
        let (everybody, last) = self.truth.read_apart(read).await?;
        if everybody > 0 {
            return Err(ApiError::internal("the baseline raises no alerts"));
        }
        if let Some(last) = last {
            self.writer.first_row(CLOSE_OPENINGS, vec![last.into(), 0.into()]).await?;
        }
        Ok(())
    }
}
