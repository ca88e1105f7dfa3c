//! The counts of a room: read, and set where nobody did so in between.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use beds::{
    domain::{Counts, RoomType},
    wire::{CountsView, etag, read_counts},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rusqlite::OptionalExtension as _;
use shared::{
    auth::Credential,
    divisions::DivisionCode,
    extract::{Json, Path, json},
    i18n::Text,
    problem::{ApiError, ApiResult},
};

use super::{
    super::{text, word},
    App,
};

const READ_COUNTS: &str = include_str!("../../../../../functions/beds/sql/read_counts.sql");
const SET_COUNTS: &str = include_str!("../../../../../functions/beds/sql/set_counts.sql");

struct Stored {
    counts: Counts,
    placed: i64,
    division: DivisionCode,
}

pub(super) async fn read(
    State(app): State<Arc<App>>,
    Path((id, room_type)): Path<(String, String)>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let room_type = RoomType::of_word(&room_type).ok_or_else(ApiError::not_found)?;
    let stored = stored(&app, &id, room_type).await?;
    view(&app, (&id, room_type), &stored.counts, now)
}

pub(super) async fn set(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path((id, room_type)): Path<(String, String)>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = app.manager(&credential)?;
    let room_type = RoomType::of_word(&room_type).ok_or_else(ApiError::not_found)?;
    let Stored { counts, placed, division } = stored(&app, &id, room_type).await?;
    staff.require_area(&division)?;
    let tag = headers.get(header::IF_MATCH).ok_or_else(ApiError::precondition_required)?;
    let (maximum, occupied) = body.read(read_counts)?;
    if tag.as_bytes() != etag(counts.version).as_bytes() {
        return Err(ApiError::precondition_failed());
    }
    if occupied + counts.reserved > maximum || occupied < placed {
        return Err(ApiError::conflict("counts_inconsistent", Text::new("床位数不一致。", "Inconsistent.")));
    }
    let parameters = vec![
        text(&id),
        text(room_type.word()),
        counts.version.into(),
        maximum.into(),
        occupied.into(),
        now.timestamp().into(),
        text(&staff.subject),
    ];
    let written = app.writer.first_row(SET_COUNTS, parameters).await?;
    written.ok_or_else(ApiError::precondition_failed)?;
    app.tell().await?;
    let stored = stored(&app, &id, room_type).await?;
    view(&app, (&id, room_type), &stored.counts, now)
}

async fn stored(app: &Arc<App>, id: &str, room_type: RoomType) -> ApiResult<Stored> {
    let parameters = (id.to_owned(), room_type.word());
    let stored = |row: &rusqlite::Row<'_>| {
        Ok(Stored {
            counts: Counts {
                maximum: row.get("maximum")?,
                occupied: row.get("occupied")?,
                reserved: row.get("reserved")?,
                available: row.get("available")?,
                confirmed_at: row.get("confirmed_at")?,
                updated_at: row.get("updated_at")?,
                version: row.get("version")?,
            },
            placed: row.get("placed")?,
            division: word(row, "division_code")?,
        })
    };
    let found = app
        .truth
        .read_apart(move |c| c.prepare_cached(READ_COUNTS)?.query_row(parameters, stored).optional())
        .await?;
    found.ok_or_else(ApiError::not_found)
}

fn view(
    app: &App,
    (id, room_type): (&str, RoomType),
    counts: &Counts,
    now: DateTime<Utc>,
) -> ApiResult<Response> {
    let mut response = json(StatusCode::OK, &CountsView::of(id, room_type, counts, app.moment(now)?))?;
    let tag = HeaderValue::from_str(&etag(counts.version)).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::ETAG, tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
