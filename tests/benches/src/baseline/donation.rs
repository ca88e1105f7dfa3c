//! The search of donation, on the same copies: an app that was walked over before has left all of them.

use std::{path::Path, sync::Arc};

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::Utc;
use donation::{
    domain::{Block, Rules},
    wire::{Moment, PointsQuery, points_page},
};
use http::HeaderMap;
use shared::{
    calendar,
    extract::{Query, cacheable},
    problem::{ApiError, ApiResult},
};

use super::copies::Copies;

struct App {
    copies: Copies<Block>,
    rules: Rules,
}

/// Serves the database and the key-value store in these files until the process is ended.
pub(crate) fn serve(database: &Path, key_values: &Path) -> anyhow::Result<()> {
    let app =
        Arc::new(App { copies: Copies::of("donation", database, key_values), rules: Rules::embedded()? });
    super::serve(
        Router::new().nest("/api/v1/donation", Router::new().route("/points", get(list))).with_state(app),
    )
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap, query: Query) -> ApiResult<Response> {
    let now = Utc::now();
    let days = app.rules.number("point_stale_days", calendar::day_of(now)).map_err(ApiError::internal)?;
    let moment = Moment { now, stale_after_s: i64::from(days) * 86_400 };
    let asked = query.read(|q| PointsQuery::read(q, (20, 100), moment))?;
    let body =
        tokio::task::spawn_blocking(move || app.find(&asked, moment)).await.map_err(ApiError::internal)?;
    cacheable(&headers, "public, max-age=60", body?)
}

impl App {
    fn find(&self, asked: &PointsQuery, moment: Moment) -> ApiResult<Vec<u8>> {
        let search = &asked.search;
        let groups = self.copies.groups()?;
        let mut hits = search.hits();
        for (least, group) in search.area.order(&groups) {
            if hits.are_complete(least) {
                break;
            }
            search.judge((&self.copies.block(group)?, None), moment.now.timestamp(), &mut hits);
        }
        let (hits, next) = search.page(hits);
        points_page(&hits, next.as_ref(), moment)
    }
}
