use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::Utc;
use http::{HeaderMap, StatusCode};
use shared::{
    auth::Credential,
    extract::{Json, Path, json},
    i18n::Text,
    idempotency,
    instant::Instant,
    names::Names,
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    store::{
        self,
        alerts::{Making, Stored},
    },
    wire::{Contact, Match, Subscription, SubscriptionInput, place, read_subscription},
};

/// 空床提醒 · Asks to be told when a bed that fits opens: whenever one becomes free, or stale counts are confirmed, and then
/// as many as asked for are vacant.
///
/// 返回的 `token` 只给出一次 · The `token` of the answer is given once.
#[utoipa::path(post, path = "/subscriptions", tag = "subscriptions", request_body = SubscriptionInput,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = Subscription)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (filters, contact) = body.read(read_subscription)?;
    let days = app.number("subscription_days", now)?;
    let most = app.number("subscriptions_per_phone", now)?;
    let limited = app.limited(&headers, ("subscription", "subscriptions_per_caller"), now)?;
    let scope = (&headers, "beds/subscriptions", body.bytes());
    idempotency::once(&app.db, &app.keys, scope, now, async |seed| {
        let names = Names::new(&app.keys, &seed, 'A');
        if store::alerts::read(&app.db, &names.reference, now).await?.is_none() {
            limited.check(now).await?;
            limited.note(now).await?;
        }
        let secret = serde_json::to_vec(&contact).map_err(ApiError::internal)?;
        let sealed = app.keys.seal(place("subscription", "contact", &names.reference), &secret);
        let making = Making {
            id: &names.reference,
            token_hash: &names.token.hash(),
            filters: &filters,
            contact: sealed.map_err(ApiError::internal)?,
            phone: (&app.keys.blind_index("subscription-phone", &contact.phone), most),
            expires_at: now.timestamp() + i64::from(days) * 86_400,
        };
        store::alerts::make(&app.db, making, now).await?;
        let stored = store::alerts::read(&app.db, &names.reference, now).await?;
        let stored = stored.ok_or_else(too_many)?;
        let mut subscription = view(&app, &names.reference, stored)?;
        subscription.token = Some(names.token.expose().to_owned());
        json(StatusCode::CREATED, &subscription)
    })
    .await
}

fn too_many() -> ApiError {
    ApiError::conflict(
        "too_many_subscriptions",
        Text::new(
            "该电话号码的空床提醒已达上限，请先取消一个。",
            "This telephone number has as many subscriptions as it may: end one first.",
        ),
    )
}

/// 查看提醒 · A subscription and what opened since, for whoever holds its token.
#[utoipa::path(get, path = "/subscriptions/{id}", tag = "subscriptions", params(("id" = String, Path)),
    security(("capability" = [])), responses((status = 200, body = Subscription)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let stored = owned(&app, &credential, &id).await?;
    json(StatusCode::OK, &view(&app, &id, stored)?)
}

/// 取消提醒 · Ends a subscription and forgets the telephone number.
#[utoipa::path(delete, path = "/subscriptions/{id}", tag = "subscriptions", params(("id" = String, Path)),
    security(("capability" = [])), responses((status = 204)))]
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    owned(&app, &credential, &id).await?;
    store::alerts::end(&app.db, &id, Utc::now()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The subscription of whoever holds its token; nobody else has business with it.
async fn owned(app: &App, credential: &Credential, id: &str) -> ApiResult<Stored> {
    let Credential::Capability(token) = credential else { return Err(ApiError::unauthenticated()) };
    let stored = store::alerts::read(&app.db, id, Utc::now()).await?;
    stored.filter(|stored| stored.token_hash == token.hash()).ok_or_else(ApiError::not_found)
}

fn view(app: &App, id: &str, stored: Stored) -> ApiResult<Subscription> {
    let opened = app.keys.open(place("subscription", "contact", id), &stored.contact);
    let contact: Contact = serde_json::from_slice(&opened.map_err(ApiError::internal)?)
        .map_err(|_| ApiError::internal("an unreadable contact"))?;
    let matches = stored.matches.into_iter().map(|matched| Match {
        institution_id: matched.institution,
        institution_name: matched.name,
        room_type: matched.room_type,
        available: matched.available,
        at: Instant::at(matched.at),
    });
    Ok(Subscription {
        id: id.to_owned(),
        token: None,
        filters: stored.filters,
        contact: contact.masked(),
        created_at: Instant::at(stored.created_at),
        expires_at: Instant::at(stored.expires_at),
        matches: matches.collect(),
    })
}
