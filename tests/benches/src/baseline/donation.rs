//! The search of donation, on the same copies: an app that was walked over before has left all of them.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::Utc;
use donation::{
    domain::{Block, Rules},
    wire::{Moment, PointsQuery, points_page},
};
use http::HeaderMap;
use rusqlite::types::Value;
use shared::{
    calendar,
    copies::Block as _,
    extract::{Query, cacheable},
    map::{Directory, Group, Groups},
    problem::{ApiError, ApiResult},
};

use super::Readers;

const READ_CELLS: &str = include_str!("../../../../shared/sql/read_cells.sql");
const READ_COPY: &str = "SELECT value FROM spin_key_value WHERE store = 'donation' AND key = ?1";

struct App {
    truth: Readers,
    copies: Readers,
    rules: Rules,
    map: Mutex<(Directory, Arc<Groups>)>,
    kept: Mutex<HashMap<String, Arc<Block>>>,
}

/// Serves the database and the key-value store in these files until the process is ended.
pub(crate) fn serve(database: &Path, key_values: &Path) -> anyhow::Result<()> {
    let app = Arc::new(App {
        truth: Readers::of(database),
        copies: Readers::of(key_values),
        rules: Rules::embedded()?,
        map: Mutex::default(),
        kept: Mutex::default(),
    });
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
        let groups = self.groups()?;
        let mut hits = search.hits();
        for (least, group) in search.area.order(&groups) {
            if hits.are_complete(least) {
                break;
            }
            search.judge((&self.block(group)?, None), moment.now.timestamp(), &mut hits);
        }
        let (hits, next) = search.page(hits);
        points_page(&hits, next.as_ref(), moment)
    }

    fn groups(&self) -> ApiResult<Arc<Groups>> {
        let seen = lock(&self.map).0.version();
        let row = self.truth.first_row(READ_CELLS, vec![seen.into()]).map_err(ApiError::internal)?;
        let mut map = lock(&self.map);
        if let Some([Value::Integer(version), Value::Text(changed)]) = row.as_deref()
            && *version > seen
        {
            map.0.apply(*version, serde_json::from_str(changed).map_err(ApiError::internal)?);
            map.1 = map.0.groups().into();
        }
        Ok(map.1.clone())
    }

    fn block(&self, group: &Group) -> ApiResult<Arc<Block>> {
        if let Some(block) = lock(&self.kept).get(&group.prefix)
            && block.version >= group.version
        {
            return Ok(block.clone());
        }
        let row =
            self.copies.first_row(READ_COPY, vec![Block::key(group).into()]).map_err(ApiError::internal)?;
        let Some([Value::Blob(bytes)]) = row.as_deref() else {
            return Err(ApiError::internal("the app left no copy of a group"));
        };
        let block = Block::from_copy(bytes).ok_or_else(|| ApiError::internal("an unreadable copy"))?;
        let block = Arc::new(block);
        lock(&self.kept).insert(group.prefix.clone(), block.clone());
        Ok(block)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
