use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    auth::{Credential, Staff, Visitor},
    calendar,
    extract::{Json, Path, json},
    i18n::Text,
    idempotency,
    input::Rejection,
    names::reference,
    problem::{ApiError, ApiResult},
};

use super::{
    access, alerts,
    steps::{self, Asked, By},
    views,
};
use crate::{
    app::App,
    domain::{Offer, Place, Step},
    store,
    wire::{Application, AssessmentInput, OfferInput, OfferView, OutOfOrder, read_assessment, read_offer},
};

/// 通知入住 · Offers a bed to whoever is next in line: it is kept for them until the offer runs out.
///
/// 轮候顺序:未谢绝过的在先，经评估的照护等级高者在先，再按申请先后;不收住的等级不计 · The order: whoever passed up no offer
/// of these rooms, then assessed care levels by the rule `queue_precedence`, then time; whom the rooms don't serve is passed
/// over. For somebody else an `out_of_order_reason` is needed.
#[utoipa::path(post, path = "/applications/{reference}/offers", tag = "staff",
    params(("reference" = String, Path), ("Idempotency-Key" = Option<String>, Header)), security(("staff" = [])),
    request_body = OfferInput, responses((status = 201, body = OfferView)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(application): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (staff, stored) = access::manager_of_application(&app, &credential, &application).await?;
    let (place, reason) = body.read(read_offer)?;
    let preferred = stored.preference(&place).ok_or_else(not_preferred)?;
    access::require_institution(&staff, &place.institution, &preferred.division_code)?;
    let what = [application.as_bytes(), b"\n", body.bytes()].concat();
    idempotency::once(&app.db, &app.keys, (&headers, "beds/offers", &what), now, async |seed| {
        let id = reference('F', &seed.derive(&app.keys, "offer"));
        let asked = (application.as_str(), id.as_str());
        let offer = offer(&app, asked, place.clone(), (&staff, reason.map(OutOfOrder::word)), now).await?;
        json(StatusCode::CREATED, &offer)
    })
    .await
}

fn not_preferred() -> ApiError {
    let reason = "申请人没有选择该机构的这种房型。";
    Rejection::new("not_preferred", reason, "The applicant did not choose these rooms.").at("/institution_id")
}

async fn offer(
    app: &App,
    (application, id): (&str, &str),
    place: Place,
    (staff, reason): (&Staff, Option<&str>),
    now: DateTime<Utc>,
) -> ApiResult<OfferView> {
    // Beds of offers that ran out can be offered again.
    alerts::settle_now(app, now).await?;
    let expires_at = now.timestamp() + i64::from(app.number("offer_hours", now)?) * 3_600;
    let step = Step::Offer(Offer { id: id.to_owned(), place, expires_at });
    let by = By::Staff(staff);
    let asked = Asked { id, reference: application, step, by, reason };
    let stored = steps::take(app, &asked, now).await?;
    let made = OfferView::of(&stored, now.timestamp()).into_iter().find(|offer| offer.id == id);
    made.ok_or_else(|| ApiError::internal("an offer that was made is not in its timeline"))
}

fn older_assessment() -> ApiError {
    ApiError::conflict(
        "older_assessment",
        Text::new("已有更近的评估结果。", "A later assessment is known already."),
    )
}

/// 登记评估结果 · Notes what the assessment of needs says; the place in the queue follows it.
#[utoipa::path(post, path = "/applications/{reference}/assess", tag = "staff",
    params(("reference" = String, Path)), security(("staff" = [])), request_body = AssessmentInput,
    responses((status = 200, body = Application)))]
pub(crate) async fn assess(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(application): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let today = calendar::day_of(now);
    let (staff, _) = access::manager_of_application(&app, &credential, &application).await?;
    // A level moves somebody in the queues of all their homes.
    access::require_district(&staff)?;
    let (level, on) = body.read(|o| read_assessment(o, today))?;
    let precedence = app.rules.precedence(level, true, today).map_err(ApiError::internal)?;
    let what = (level, on, precedence);
    if !store::applications::assess(&app.db, &application, what, now, &staff.subject).await? {
        let stored = access::read(&app, &application).await?;
        let is_older = stored.assessed_on.is_some_and(|known| known > on.to_string());
        return Err(if is_older { older_assessment() } else { steps::wrong_status() });
    }
    let stored = access::read(&app, &application).await?;
    json(StatusCode::OK, &views::masked(&app, &Visitor::Staff(staff), &stored, now.timestamp())?)
}
