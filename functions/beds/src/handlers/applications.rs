use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    auth::{Credential, Visitor},
    calendar,
    extract::{Json, Path, json},
    i18n::Text,
    idempotency,
    limits::Limited,
    names::Names,
    problem::{ApiError, ApiResult, Fault},
};

use super::{
    ATTEMPTS, access, alerts,
    steps::{self, Asked, By},
    views,
};
use crate::{
    app::App,
    domain::{CareLevels, Step},
    store::{self, applications::Making},
    wire::{Application, ApplicationInput, NewApplication, place},
};

/// 申请入住 · Applies for a bed at up to three places.
///
/// 返回的 `token` 只给出一次 · The `token` of the answer is given once.
#[utoipa::path(post, path = "/applications", tag = "applications", request_body = ApplicationInput,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = Application)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let youngest = app.number("applicant_minimum_age", now)?;
    let most = usize::try_from(app.number("preferences_most", now)?).map_err(ApiError::internal)?;
    let today = calendar::day_of(now);
    let wanted = body.read(|o| NewApplication::read(o, today, (youngest, most)))?;
    // Whoever asks for one person after another learns who waits for a bed: not many times.
    let probing = app.limited(&headers, ("application", "probes_per_caller"), now)?;
    let scope = (&headers, "beds/applications", body.bytes());
    idempotency::once(&app.db, &app.keys, scope, now, async |seed| {
        let names = Names::new(&app.keys, &seed, 'P');
        let mut application = make(&app, (&names, &probing), &wanted, now).await?;
        application.token = Some(names.token.expose().to_owned());
        json(StatusCode::CREATED, &application)
    })
    .await
}

async fn make(
    app: &App,
    (names, probing): (&Names, &Limited<'_>),
    wanted: &NewApplication,
    now: DateTime<Utc>,
) -> ApiResult<Application> {
    let secret = serde_json::to_vec(&wanted.secret).map_err(ApiError::internal)?;
    let token_hash = names.token.hash();
    let person = wanted.id.person(&app.keys);
    let sealed = place("application", "applicant", &names.reference);
    let precedence = app.rules.precedence(wanted.care_level, false, calendar::day_of(now));
    let precedence = precedence.map_err(ApiError::internal)?;
    if store::applications::read(&app.db, &names.reference).await?.is_none() {
        probing.check(now).await?;
    }
    for _ in 0..ATTEMPTS {
        let making = Making {
            reference: &names.reference,
            token_hash: &token_hash,
            person: &person,
            division: &wanted.division,
            care_level: wanted.care_level,
            precedence,
            applicant: app.keys.seal(sealed, &secret).map_err(ApiError::internal)?,
            preferences: &wanted.preferences,
        };
        let made = store::applications::make(&app.db, making, now).await?;
        // A repeated request finds the application that it made before.
        if let Some(stored) = store::applications::read(&app.db, &names.reference).await?
            && (made || stored.token_hash == token_hash)
        {
            return views::masked(app, &Visitor::Owner, &stored, now.timestamp());
        }
        let found = store::applications::explain(&app.db, &person, &wanted.preferences).await?;
        let faults = faults(&found.rooms, wanted);
        if !faults.is_empty() {
            return Err(ApiError::invalid(faults));
        }
        if found.is_waiting {
            probing.note(now).await?;
            return Err(already_waiting());
        }
    }
    Err(ApiError::unavailable("an application was refused without a reason that lasts"))
}

/// What is wrong with the preferences of an application.
fn faults(rooms: &[(u8, Option<CareLevels>)], wanted: &NewApplication) -> Vec<Fault> {
    rooms
        .iter()
        .enumerate()
        .filter_map(|(n, (is_there, levels))| {
            let (pointer, code, message) = match levels {
                _ if *is_there == 0 => (
                    format!("/preferences/{n}/institution_id"),
                    "unknown_institution",
                    Text::new("没有这家养老机构。", "There is no such institution."),
                ),
                None => (
                    format!("/preferences/{n}/room_type"),
                    "unknown_room",
                    Text::new("该机构没有这种房型。", "The institution has no such rooms."),
                ),
                Some(levels) if !levels.serve(wanted.care_level) => (
                    format!("/preferences/{n}"),
                    "care_level_not_served",
                    Text::new("该房型不收住此照护等级。", "These rooms do not serve the care level."),
                ),
                Some(_) => return None,
            };
            Some(Fault { pointer, code, message })
        })
        .collect()
}

fn already_waiting() -> ApiError {
    ApiError::conflict(
        "already_waiting",
        Text::new(
            "该申请人已有进行中的申请;如非本人提交，请联系所在区民政部门。",
            "This person has an application already; if somebody else made it, ask the district's civil-affairs office.",
        ),
    )
}

/// 查看申请 · An application, for whoever holds its token, and for staff whom it concerns.
#[utoipa::path(get, path = "/applications/{reference}", tag = "applications",
    params(("reference" = String, Path)), security(("capability" = []), ("staff" = [])),
    responses((status = 200, body = Application)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    alerts::settle(&app, now).await?;
    let (visitor, stored) = access::open(&app, &credential, &reference).await?;
    json(StatusCode::OK, &views::show(&app, &visitor, &stored, now.timestamp()).await?)
}

/// 撤回申请 · Takes an application back; a bed that it has is free again.
#[utoipa::path(post, path = "/applications/{reference}/withdraw", tag = "applications",
    params(("reference" = String, Path)), security(("capability" = []), ("staff" = [])),
    responses((status = 200, body = Application)))]
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let id = format!("{reference}-withdrawn");
    answer(&app, &credential, (&reference, &id), Step::Withdraw).await
}

/// 接受床位 · Accepts an offer: the bed is taken.
#[utoipa::path(post, path = "/applications/{reference}/offers/{offer}/accept", tag = "applications",
    params(("reference" = String, Path), ("offer" = String, Path)),
    security(("capability" = []), ("staff" = [])), responses((status = 200, body = Application)))]
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path((reference, offer)): Path<(String, String)>,
) -> ApiResult<Response> {
    let id = format!("{reference}-{offer}-accepted");
    answer(&app, &credential, (&reference, &id), Step::Accept(offer)).await
}

/// 谢绝床位 · Declines an offer: the bed is free for the next in line, and the application waits on, behind those who
/// passed up fewer offers.
#[utoipa::path(post, path = "/applications/{reference}/offers/{offer}/decline", tag = "applications",
    params(("reference" = String, Path), ("offer" = String, Path)),
    security(("capability" = []), ("staff" = [])), responses((status = 200, body = Application)))]
pub(crate) async fn decline(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path((reference, offer)): Path<(String, String)>,
) -> ApiResult<Response> {
    let id = format!("{reference}-{offer}-declined");
    answer(&app, &credential, (&reference, &id), Step::Decline(offer)).await
}

/// What the elder, or staff for them, answers.
async fn answer(
    app: &App,
    credential: &Credential,
    (reference, id): (&str, &str),
    step: Step,
) -> ApiResult<Response> {
    let now = Utc::now();
    let visitor = access::open_for(app, credential, reference, &step).await?;
    let asked = Asked { id, reference, step, by: By::of(&visitor), reason: None };
    let stored = steps::take(app, &asked, now).await?;
    json(StatusCode::OK, &views::masked(app, &visitor, &stored, now.timestamp())?)
}

/// 登记入住 · Notes that the elder who accepted a bed moved in.
#[utoipa::path(post, path = "/applications/{reference}/admit", tag = "staff",
    params(("reference" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = Application)))]
pub(crate) async fn admit(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    move_in_or_out(&app, &credential, &reference, ("admitted", Step::Admit)).await
}

/// 登记退住 · Notes that the elder moved out: the bed is free again.
#[utoipa::path(post, path = "/applications/{reference}/discharge", tag = "staff",
    params(("reference" = String, Path)), security(("staff" = [])),
    responses((status = 200, body = Application)))]
pub(crate) async fn discharge(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    move_in_or_out(&app, &credential, &reference, ("discharged", Step::Discharge)).await
}

async fn move_in_or_out(
    app: &App,
    credential: &Credential,
    reference: &str,
    (word, step): (&str, Step),
) -> ApiResult<Response> {
    let now = Utc::now();
    let Visitor::Staff(staff) = access::open_for(app, credential, reference, &step).await? else {
        return Err(ApiError::unauthenticated());
    };
    let id = format!("{reference}-{word}");
    let asked = Asked { id: &id, reference, step, by: By::Staff(&staff), reason: None };
    let stored = steps::take(app, &asked, now).await?;
    json(StatusCode::OK, &views::masked(app, &Visitor::Staff(staff), &stored, now.timestamp())?)
}
