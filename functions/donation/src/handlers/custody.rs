//! What staff do with a gift, from the counter to whoever needs it.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    auth::Credential,
    extract::{Json, Path, json},
    i18n::Text,
    idempotency,
    input::Object,
    names::reference,
    problem::{ApiError, ApiResult},
};

use super::gifts;
use crate::{
    app::App,
    domain::{PledgeStatus, StepRefusal},
    store::{
        self,
        pledges::{Stored, Taking},
    },
    wire::{DeliverInput, DispatchInput, Pledge, StepAsked, StepInput},
};

/// How often a step is decided anew when another one of the same gift came in between.
const STEP_ATTEMPTS: usize = 12;

/// 接收 · Receives a gift at the point, as pledged or as counted, and issues its receipt.
#[utoipa::path(post, path = "/pledges/{reference}/receive", tag = "staff",
    params(("reference" = String, Path), ("Idempotency-Key" = Option<String>, Header)), security(("staff" = [])),
    request_body = StepInput, responses((status = 200, body = Pledge)))]
pub(crate) async fn receive(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(reference): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    step(&app, &credential, (&headers, &body), &reference, ("receive", StepAsked::receive)).await
}

/// 分拣 · Notes how much of what was received can be used.
#[utoipa::path(post, path = "/pledges/{reference}/sort", tag = "staff",
    params(("reference" = String, Path), ("Idempotency-Key" = Option<String>, Header)), security(("staff" = [])),
    request_body = StepInput, responses((status = 200, body = Pledge)))]
pub(crate) async fn sort(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(reference): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    step(&app, &credential, (&headers, &body), &reference, ("sort", StepAsked::sort)).await
}

/// 发运 · Sends some or all of it to a destination.
#[utoipa::path(post, path = "/pledges/{reference}/dispatch", tag = "staff",
    params(("reference" = String, Path), ("Idempotency-Key" = Option<String>, Header)), security(("staff" = [])),
    request_body = DispatchInput, responses((status = 200, body = Pledge)))]
pub(crate) async fn dispatch(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(reference): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    step(&app, &credential, (&headers, &body), &reference, ("dispatch", StepAsked::dispatch)).await
}

/// 送达 · Notes that a consignment arrived, and how much of it.
#[utoipa::path(post, path = "/pledges/{reference}/deliver", tag = "staff",
    params(("reference" = String, Path), ("Idempotency-Key" = Option<String>, Header)), security(("staff" = [])),
    request_body = DeliverInput, responses((status = 200, body = Pledge)))]
pub(crate) async fn deliver(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(reference): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    step(&app, &credential, (&headers, &body), &reference, ("deliver", StepAsked::deliver)).await
}

async fn step(
    app: &App,
    credential: &Credential,
    (headers, body): (&HeaderMap, &Json),
    pledge: &str,
    (name, read): (&str, impl FnOnce(&Object<'_>) -> Option<StepAsked>),
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = gifts::manager_of(app, credential, pledge).await?;
    let asked = body.read(read)?;
    let what = [pledge.as_bytes(), name.as_bytes(), body.bytes()].concat();
    idempotency::once(&app.db, &app.keys, (headers, "donation/steps", &what), now, async |seed| {
        let id = reference('S', &seed.derive(&app.keys, "step"));
        let receipt = reference('R', &seed.derive(&app.keys, "receipt"));
        let stored = take(app, (&id, pledge), &asked, (&staff.subject, Some(&receipt)), now).await?;
        // Masked: the answer is kept and may be replayed, and nobody would note who read the giver's name there.
        json(StatusCode::OK, &gifts::masked(app, &stored)?)
    })
    .await
}

/// Takes a step, or says why it may not be taken; the gift as it is then. `by`: who; `receipt`: the number of the receipt if it is a reception.
pub(super) async fn take(
    app: &App,
    (id, pledge): (&str, &str),
    asked: &StepAsked,
    (by, receipt): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> ApiResult<Stored> {
    for _ in 0..STEP_ATTEMPTS {
        let stored = gifts::read(app, pledge).await?;
        // A repeated request finds the step that it took before.
        if stored.has_step(id) {
            return Ok(stored);
        }
        let decision = stored.gift.decide(asked.step.clone()).map_err(refusal)?;
        let sent = stored.steps.iter().find(|step| decision.dispatch.as_ref() == Some(&step.id));
        // A consignment leaves for its destination and arrives there; all else happens at the point.
        let destination = sent.map_or(&asked.destination, |sent| &sent.destination).as_deref();
        let taking = Taking {
            id,
            reference: pledge,
            after: stored.step,
            decision: &decision,
            by,
            place: destination.unwrap_or(&stored.point.head.name),
            destination: asked.destination.as_deref(),
            destination_division: asked.division.as_ref(),
            receipt: receipt.filter(|_| decision.kind == PledgeStatus::Received),
        };
        if store::pledges::take_step(&app.db, taking, now).await? {
            return gifts::read(app, pledge).await;
        }
    }
    Err(ApiError::unavailable("a pledge kept changing"))
}

fn refusal(refusal: StepRefusal) -> ApiError {
    match refusal {
        StepRefusal::WrongStatus => ApiError::conflict(
            "wrong_status",
            Text::new("目前的状态不允许此操作。", "The gift's status does not allow this."),
        ),
        StepRefusal::TooMuch { item, left } => ApiError::conflict(
            "quantity_exceeded",
            Text::of(
                format!("{}的数量超出剩余的 {left}。", item.name_zh()),
                format!("Of {} only {left} are left.", item.word()),
            ),
        ),
        StepRefusal::Nothing => ApiError::conflict(
            "nothing_to_move",
            Text::new("没有可处理的数量。", "There is nothing to move."),
        ),
        StepRefusal::WhichDispatch => ApiError::conflict(
            "dispatch_unclear",
            Text::new("请指明一批在途的发运。", "Name one dispatch that is on its way."),
        ),
    }
}
