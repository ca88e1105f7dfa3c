//! Applications, offers, and their refusal by the elder.

mod stored;

use std::sync::Arc;

use axum::{extract::State, response::Response};
use beds::{
    domain::{Decision, Offer, Record, Step, StepKind},
    wire::{Application, NewApplication, OfferView, OutOfOrder, Sight, read_offer},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use rusqlite::{OptionalExtension as _, types::Value};
use shared::{
    auth::{CapabilityToken, Credential},
    calendar,
    caller::caller,
    extract::{Json, Path, json},
    i18n::Text,
    names::reference,
    privacy::random,
    problem::{ApiError, ApiResult},
};

use super::{super::text, App, CALLER_HEADER};
use stored::{record, sealed};

const MAKE: &str = include_str!("../../../../../functions/beds/sql/make_application.sql");
const COUNT_PROBES: &str = include_str!("../../../../../shared/sql/count_probes.sql");
const READ: &str = include_str!("../../../../../functions/beds/sql/read_application.sql");
const TAKE_STEP: &str = include_str!("../../../../../functions/beds/sql/take_step.sql");
const READ_DUE: &str = include_str!("../../../../../functions/beds/sql/read_due.sql");

pub(super) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let today = calendar::day_of(now);
    let youngest = app.number("applicant_minimum_age", now)?;
    let most = usize::try_from(app.number("preferences_most", now)?).map_err(ApiError::internal)?;
    let wanted = body.read(|o| NewApplication::read(o, today, (youngest, most)))?;
    let window_s = i64::from(app.number("probe_window_minutes", now)?) * 60;
    let probes = ("application", caller(&app.keys, &headers, CALLER_HEADER), now.timestamp() - window_s);
    let count = |row: &rusqlite::Row<'_>| row.get::<_, u32>("probes");
    let probes =
        app.truth.read_apart(move |c| c.prepare_cached(COUNT_PROBES)?.query_row(probes, count)).await?;
    if probes >= app.number("probes_per_caller", now)? {
        return Err(ApiError::too_many_requests(1));
    }
    let seed = random::<32>();
    let reference = reference('P', &app.keys.derive("reference", &seed));
    let token = CapabilityToken::from_bytes(&app.keys.derive("token", &seed));
    let secret = serde_json::to_vec(&wanted.secret).map_err(ApiError::internal)?;
    let precedence = app.rules.precedence(wanted.care_level, false, today).map_err(ApiError::internal)?;
    let parameters = vec![
        text(&reference),
        token.hash().into(),
        wanted.id.person(&app.keys).into(),
        text(wanted.division.as_str()),
        wanted.care_level.number().into(),
        precedence.into(),
        app.keys.seal(sealed(&reference), &secret).map_err(ApiError::internal)?.into(),
        serde_json::to_string(&wanted.preferences).map_err(ApiError::internal)?.into(),
        now.timestamp().into(),
    ];
    app.writer.first_row(MAKE, parameters).await?.ok_or_else(refused)?;
    let mut application = shown(&app, &reference, now).await?;
    application.token = Some(token.expose().to_owned());
    json(StatusCode::CREATED, &application)
}

pub(super) async fn offer(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(application): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = app.manager(&credential)?;
    let stored = read(&app, &application).await?;
    let (place, reason) = body.read(read_offer)?;
    let preferred = stored.preference(&place).ok_or_else(refused)?;
    staff.require_area(&preferred.division_code)?;
    // Beds of offers that ran out can be offered again.
    let at = now.timestamp();
    if app
        .truth
        .read_apart(move |c| c.prepare_cached(READ_DUE)?.query_row([at], |row| row.get("lapsed")))
        .await?
    {
        return Err(ApiError::internal("the baseline lets no offer run out"));
    }
    let id = reference('F', &app.keys.derive("offer", &random::<32>()));
    let expires_at = now.timestamp() + i64::from(app.number("offer_hours", now)?) * 3_600;
    let step = Step::Offer(Offer { id: id.clone(), place, expires_at });
    take(&app, (&id, &stored), step, (&staff.subject, reason.map(OutOfOrder::word)), now).await?;
    let made = OfferView::of(&read(&app, &application).await?, now.timestamp());
    let made = made.into_iter().find(|offer| offer.id == id);
    json(StatusCode::CREATED, &made.ok_or_else(|| ApiError::internal("no such offer"))?)
}

pub(super) async fn decline(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path((application, offer)): Path<(String, String)>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let stored = read(&app, &application).await?;
    let Credential::Capability(token) = credential else { return Err(ApiError::unauthenticated()) };
    if token.hash() != stored.token_hash {
        return Err(ApiError::not_found());
    }
    let id = format!("{application}-{offer}-declined");
    take(&app, (&id, &stored), Step::Decline(offer), ("citizen", None), now).await?;
    json(StatusCode::OK, &shown(&app, &application, now).await?)
}

/// Takes a step, unless the same request took it before.
async fn take(
    app: &Arc<App>,
    (id, stored): (&str, &Record),
    step: Step,
    (by, reason): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> ApiResult<()> {
    if stored.has_step(id) {
        return Ok(());
    }
    let decision = stored.standing.decide(step, now.timestamp()).map_err(|_| refused())?;
    let Decision { kind, status, offer, place, reserved, occupied } = decision;
    let setback = i64::from(app.number("queue_passed_offer_setback", now)?);
    let parameters = vec![
        text(id),
        text(&stored.reference),
        stored.step.into(),
        text(kind.word()),
        text(status.word()),
        now.timestamp().into(),
        text(by),
        offer.as_ref().map(|offer| offer.id.clone()).into(),
        place.as_ref().map(|place| place.institution.clone()).into(),
        place.as_ref().map_or(Value::Null, |place| text(place.room_type.word())),
        offer.as_ref().map(|offer| offer.expires_at).into(),
        reserved.into(),
        occupied.into(),
        reason.map_or(Value::Null, text),
        if kind == StepKind::Declined { setback.into() } else { 0.into() },
    ];
    app.writer.first_row(TAKE_STEP, parameters).await?.ok_or_else(refused)?;
    if reserved + occupied < 0 {
        app.tell().await?;
    }
    Ok(())
}

async fn read(app: &Arc<App>, reference: &str) -> ApiResult<Record> {
    let reference = reference.to_owned();
    let found =
        app.truth.read_apart(move |c| c.prepare_cached(READ)?.query_row([reference], record).optional());
    found.await?.ok_or_else(ApiError::not_found)
}

async fn shown(app: &Arc<App>, reference: &str, now: DateTime<Utc>) -> ApiResult<Application> {
    Application::of(&read(app, reference).await?, &app.keys, Sight::Owner, now.timestamp())
}

fn refused() -> ApiError {
    ApiError::conflict("refused", Text::new("未能办理。", "Not done."))
}
