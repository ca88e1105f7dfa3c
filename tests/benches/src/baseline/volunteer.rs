//! Volunteering: searches on the same copies, sign-ups by the same statements.
//!
//! What the app does once a minute at most is left out: closing opportunities that are over.

mod signups;

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{delete, get, post},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, header};
use shared::{
    calendar,
    extract::{Query, cacheable},
    privacy::Keys,
    problem::{ApiError, ApiResult},
};
use volunteer::{
    domain::{Block, Rules, Search},
    wire::{Page, read_search},
};

use super::{Readers, Variables, Writer, copies::Copies};

struct App {
    copies: Copies<Block>,
    truth: Arc<Readers>,
    writer: Writer,
    keys: Keys,
    rules: Rules,
}

/// Serves the database and the key-value store in these files, with the keys of a state folder, until the process is ended.
pub(crate) fn serve(database: &Path, key_values: &Path, state: &Path) -> anyhow::Result<()> {
    let app = Arc::new(App {
        copies: Copies::of("volunteer", database, key_values),
        truth: Readers::of(database).into(),
        writer: Writer::of(database)?,
        keys: Variables::of(state)?.keys()?,
        rules: Rules::embedded()?,
    });
    let api = Router::new()
        .route("/opportunities", get(list))
        .route("/shifts/{id}/signups", post(signups::create))
        .route("/shifts/{id}/signups/mine", delete(signups::withdraw));
    super::serve(Router::new().nest("/api/v1/volunteer", api).with_state(app))
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap, query: Query) -> ApiResult<Response> {
    let now = Utc::now().timestamp();
    let search = query.read(|q| read_search(q, now, false))?;
    let body =
        tokio::task::spawn_blocking(move || app.find(&search, now)).await.map_err(ApiError::internal)?;
    let mut response = cacheable(&headers, "public, max-age=30", body?)?;
    let vary = HeaderValue::from_static("accept-language, authorization");
    response.headers_mut().insert(header::VARY, vary);
    Ok(response)
}

impl App {
    fn number(&self, name: &str, now: DateTime<Utc>) -> ApiResult<u32> {
        self.rules.number(name, calendar::day_of(now)).map_err(ApiError::internal)
    }

    fn find(&self, search: &Search, now: i64) -> ApiResult<Vec<u8>> {
        let groups = self.copies.groups()?;
        let mut hits = search.walk.hits();
        for (least, group) in search.walk.area.order(&groups) {
            if hits.are_complete(least) {
                break;
            }
            search.judge(&self.copies.block(group)?, (now, None), &mut hits);
        }
        let (hits, next) = search.walk.page(hits);
        Page { search, next: next.as_ref(), now, eye: None }.opportunities(&hits)
    }
}
