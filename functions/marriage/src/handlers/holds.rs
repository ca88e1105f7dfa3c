use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::Utc;
use http::{HeaderMap, StatusCode};
use shared::{
    calendar,
    extract::{Json, Path, json},
    idempotency,
    privacy::{base64url, hash_secret},
    problem::{ApiError, ApiResult},
};

use super::booking;
use crate::{
    app::App,
    store::{self, seats::Asking},
    wire::{HoldInput, HoldView, Seat, shanghai},
};

/// 保留席位 · Keeps one seat while the form is filled in.
#[utoipa::path(post, path = "/holds", tag = "appointments", request_body = HoldInput,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = HoldView)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let seat = body.read(HoldInput::read)?;
    app.keep_slots_ahead(calendar::day_of(now)).await?;
    idempotency::once(&app.db, &app.keys, (&headers, "marriage/holds", body.bytes()), now, async |seed| {
        let secret = base64url(&seed.derive(&app.keys, "hold"));
        let expires_at = hold(&app, &seat, &hash_secret(&secret), now).await?;
        json(StatusCode::CREATED, &HoldView { hold: secret, expires_at: shanghai(expires_at) })
    })
    .await
}

async fn hold(app: &App, seat: &Seat, id: &str, now: chrono::DateTime<Utc>) -> ApiResult<i64> {
    let today = calendar::day_of(now);
    let minutes = app.rules.number("hold_minutes", today).map_err(ApiError::internal)?;
    let no_shows = booking::no_show_rule(app, today)?;
    let asking = Asking { persons: "[]", except: "", hold_id: None, no_shows };
    for _ in 0..booking::ATTEMPTS {
        let made = store::seats::hold(&app.db, seat, id, i64::from(minutes) * 60, now).await?;
        // A repeated request finds the hold that it made before.
        let expires_at = match made {
            Some(expires_at) => Some(expires_at),
            None => store::seats::hold_ends(&app.db, id).await?,
        };
        if let Some(expires_at) = expires_at {
            return Ok(expires_at);
        }
        if let Some(refusal) = booking::why_not(app, seat, &asking, now).await? {
            return Err(refusal);
        }
    }
    Err(ApiError::unavailable("a seat kept changing hands"))
}

/// 放弃保留 · Gives a held seat back.
#[utoipa::path(delete, path = "/holds/{hold}", tag = "appointments", params(("hold" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn release(State(app): State<Arc<App>>, Path(secret): Path<String>) -> ApiResult<Response> {
    let freed = store::seats::release(&app.db, &hash_secret(&secret)).await?;
    let (office, service) = freed.ok_or_else(ApiError::not_found)?;
    store::seats::offer_next(&app.db, &office, &service, Utc::now()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
