use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::json as object;
use shared::{
    audit,
    auth::{CapabilityToken, Credential},
    calendar,
    caller::caller,
    extract::{Json, Path, Query, json},
    i18n::Text,
    idempotency,
    input::resident_id,
    limits::Limited,
    names::Names,
    paging::page,
    privacy::random,
    problem::{ApiError, ApiResult},
    resident_id::age_on,
};

use super::{ATTEMPTS, access, views};
use crate::{
    app::App,
    store::{self, volunteers::Registering},
    wire::{
        LookupInput, NewVolunteer, Patch, Signup, Signups, TrainingInput, Trainings, Volunteer,
        VolunteerInput, VolunteerPatch, read_page, read_training,
    },
};

/// 注册志愿者 · Registers as a volunteer, once a person.
///
/// 返回的 `token` 只给出一次 · The `token` of the answer is given once.
#[utoipa::path(post, path = "/volunteers", tag = "volunteers", request_body = VolunteerInput,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = Volunteer)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let ages = app.ages(now)?;
    let wanted = body.read(|o| NewVolunteer::read(o, calendar::day_of(now), ages))?;
    let scope = (&headers, "volunteer/volunteers", body.bytes());
    idempotency::once(&app.db, &app.keys, scope, now, async |seed| {
        let names = Names::new(&app.keys, &seed, 'V');
        let mut made = register(&app, &headers, &names, &wanted, now).await?;
        made.token = Some(names.token.expose().to_owned());
        json(StatusCode::CREATED, &made)
    })
    .await
}

async fn register(
    app: &App,
    headers: &HeaderMap,
    names: &Names,
    wanted: &NewVolunteer,
    now: DateTime<Utc>,
) -> ApiResult<Volunteer> {
    let (token_hash, person) = (names.token.hash(), wanted.id.person(&app.keys));
    // A repeated request finds the registration that it made before.
    if let Some(stored) = store::volunteers::by_token(&app.db, &token_hash).await? {
        return views::masked(app, &stored, now);
    }
    // Whoever asks for one person after another learns who volunteers: not many times.
    let caller = caller(&app.keys, headers, &app.caller_header);
    let most = app.number("probes_per_caller", now)?;
    let window_s = i64::from(app.number("probe_window_minutes", now)?) * 60;
    let probing = Limited::new(&app.db, ("registration", caller.clone()), most, window_s);
    probing.check(now).await?;
    let most = app.number("registrations_per_caller", now)?;
    let registering = Limited::new(&app.db, ("registered", caller), most, window_s);
    registering.check(now).await?;
    registering.note(now).await?;
    for _ in 0..ATTEMPTS {
        let registration = Registering {
            volunteer_no: &names.reference,
            token_hash: &token_hash,
            person: &person,
            secret: views::seal(app, &names.reference, &wanted.secret)?,
            division: &wanted.division,
            skills: &wanted.skills,
            availability: &wanted.availability,
        };
        store::volunteers::register(&app.db, registration, now).await?;
        if let Some(stored) = store::volunteers::by_token(&app.db, &token_hash).await? {
            return views::masked(app, &stored, now);
        }
        if store::volunteers::is_registered(&app.db, &person).await? {
            probing.note(now).await?;
            return Err(already_registered());
        }
    }
    Err(ApiError::unavailable("a registration was refused without a reason that lasts"))
}

fn already_registered() -> ApiError {
    ApiError::conflict(
        "already_registered",
        Text::new(
            "该身份证号码已注册为志愿者;如非本人注册，请联系所在区民政部门。",
            "This person is registered already; if somebody else did it, ask the district's civil-affairs office.",
        ),
    )
}

/// 我的注册信息 · The registration that the token opens.
#[utoipa::path(get, path = "/volunteers/me", tag = "volunteers", security(("capability" = [])),
    responses((status = 200, body = Volunteer)))]
pub(crate) async fn read_me(State(app): State<Arc<App>>, credential: Credential) -> ApiResult<Response> {
    let stored = access::myself(&app, &credential).await?;
    json(StatusCode::OK, &views::masked(&app, &stored, Utc::now())?)
}

/// 更改注册信息 · Changes the registration; what isn't given stays. Name and identity number can't be changed.
#[utoipa::path(patch, path = "/volunteers/me", tag = "volunteers", security(("capability" = [])),
    request_body = VolunteerPatch, responses((status = 200, body = Volunteer)))]
pub(crate) async fn change_me(
    State(app): State<Arc<App>>,
    credential: Credential,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let mut stored = access::myself(&app, &credential).await?;
    let patch = body.read(Patch::read)?;
    for _ in 0..ATTEMPTS {
        let mut secret = views::open(&app, &stored.volunteer_no, &stored.secret)?;
        let below = app.number("guardian_below_age", now)?;
        let is_minor = secret.born().is_some_and(|born| age_on(born, calendar::day_of(now)) < below);
        if let Some(phone) = &patch.phone {
            secret.phone.clone_from(phone);
        }
        if patch.guardian.is_some() {
            secret.guardian.clone_from(&patch.guardian);
        }
        // Nobody consents for an adult.
        secret.guardian = secret.guardian.filter(|_| is_minor);
        stored.secret = views::seal(&app, &stored.volunteer_no, &secret)?;
        stored.division = patch.division.unwrap_or(stored.division);
        stored.skills = patch.skills.clone().unwrap_or(stored.skills);
        stored.availability = patch.availability.clone().unwrap_or(stored.availability);
        let is_changed = store::volunteers::change(&app.db, &stored, now).await?;
        stored = access::myself(&app, &credential).await?;
        if is_changed {
            return json(StatusCode::OK, &views::masked(&app, &stored, now)?);
        }
    }
    Err(ApiError::unavailable("a registration kept changing"))
}

/// 注销 · Withdraws the registration: everything that names the volunteer is erased, and places in shifts to come are given to
/// others. Hours that were certified stay valid, without a name.
#[utoipa::path(delete, path = "/volunteers/me", tag = "volunteers", security(("capability" = [])),
    responses((status = 204)))]
pub(crate) async fn withdraw_me(State(app): State<Arc<App>>, credential: Credential) -> ApiResult<Response> {
    let stored = access::myself(&app, &credential).await?;
    store::volunteers::withdraw(&app.db, stored.no, Utc::now(), "citizen").await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// 我的报名 · The volunteer's sign-ups, the latest first.
#[utoipa::path(get, path = "/volunteers/me/signups", tag = "volunteers", security(("capability" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Signups)))]
pub(crate) async fn signups(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let stored = access::myself(&app, &credential).await?;
    let (before, limit) = query.read(read_page)?;
    let found = store::signups::of_volunteer(&app.db, stored.no, (before, limit + 1)).await?;
    let (found, next_cursor) = page(found, limit, |last| last.no.to_string());
    let items = found.into_iter().map(Signup::from).collect();
    json(StatusCode::OK, &Signups { items, next_cursor })
}

/// 查看志愿者 · A volunteer, unmasked: each look is in the audit log. Staff of an organisation may look at whoever has a place in
/// one of its shifts, and for some days after; they see the identity number masked.
#[utoipa::path(get, path = "/volunteers/{volunteer_no}", tag = "staff", security(("staff" = [])),
    params(("volunteer_no" = String, Path)), responses((status = 200, body = Volunteer)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(volunteer_no): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let stored = access::volunteer(&app, &staff, &volunteer_no, now).await?;
    let entry = (staff.subject.as_str(), "volunteer.read_unmasked", volunteer_no.as_str());
    let detail = object!({"area": staff.area, "institution": staff.institution});
    audit::append(&app.db, now, entry, &detail).await?;
    json(StatusCode::OK, &views::whole(&app, &staff, &stored, now)?)
}

/// 登记培训 · Records that a volunteer completed a training; the latest of each counts. Whoever trained them was given their
/// number, and learns nothing else of them.
#[utoipa::path(post, path = "/volunteers/{volunteer_no}/trainings", tag = "staff", security(("staff" = [])),
    params(("volunteer_no" = String, Path)), request_body = TrainingInput,
    responses((status = 200, body = Trainings)))]
pub(crate) async fn train(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(volunteer_no): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let trained = body.read(|o| read_training(o, calendar::day_of(now)))?;
    store::volunteers::record_training(&app.db, &volunteer_no, trained, now, &staff.subject).await?;
    let stored = store::volunteers::read(&app.db, &volunteer_no).await?.ok_or_else(ApiError::not_found)?;
    let trainings = views::trainings(&stored);
    json(StatusCode::OK, &Trainings { volunteer_no, trainings })
}

/// 查找志愿者 · Finds the registration of a person who is at the counter, by the identity number; masked, and in the audit log.
#[utoipa::path(post, path = "/volunteers/lookup", tag = "staff", security(("staff" = [])),
    request_body = LookupInput, responses((status = 200, body = Volunteer)))]
pub(crate) async fn look_up(
    State(app): State<Arc<App>>,
    credential: Credential,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    access::require_district(&staff)?;
    let id = body.read(|o| o.required("id_number", resident_id(calendar::day_of(now))))?;
    let stored = store::volunteers::by_person(&app.db, &id.person(&app.keys)).await?;
    let stored = stored.ok_or_else(ApiError::not_found)?;
    staff.require_area(&stored.division)?;
    let entry = (staff.subject.as_str(), "volunteer.looked_up", stored.volunteer_no.as_str());
    audit::append(&app.db, now, entry, &object!({"area": staff.area})).await?;
    json(StatusCode::OK, &views::masked(&app, &stored, now)?)
}

/// 补发凭证 · Gives a volunteer who lost the token another one, once their identity was checked; the old one opens nothing any
/// more.
#[utoipa::path(post, path = "/volunteers/{volunteer_no}/token", tag = "staff", security(("staff" = [])),
    params(("volunteer_no" = String, Path)), responses((status = 200, body = Volunteer)))]
pub(crate) async fn exchange_token(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(volunteer_no): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let stored = access::volunteer_of_area(&app, &staff, &volunteer_no).await?;
    let token = CapabilityToken::from_bytes(&random());
    let which = (stored.no, stored.version);
    if !store::volunteers::exchange_token(&app.db, which, &token.hash(), now, &staff.subject).await? {
        return Err(ApiError::changed_meanwhile());
    }
    let mut shown = views::masked(&app, &stored, now)?;
    shown.token = Some(token.expose().to_owned());
    json(StatusCode::OK, &shown)
}

/// 代为注销 · Withdraws the registration of somebody who asks for it at the counter, or in whose name somebody else registered.
#[utoipa::path(delete, path = "/volunteers/{volunteer_no}", tag = "staff", security(("staff" = [])),
    params(("volunteer_no" = String, Path)), responses((status = 204)))]
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(volunteer_no): Path<String>,
) -> ApiResult<Response> {
    let staff = access::manager(&app, &credential)?;
    let stored = access::volunteer_of_area(&app, &staff, &volunteer_no).await?;
    store::volunteers::withdraw(&app.db, stored.no, Utc::now(), &staff.subject).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
