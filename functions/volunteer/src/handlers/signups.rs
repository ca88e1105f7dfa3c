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
    auth::Credential,
    extract::{Json, Path, Query, json},
    i18n::Text,
    idempotency,
    instant::Instant,
    names::reference,
    paging::page,
    problem::{ApiError, ApiResult, Fault},
};

use super::{ATTEMPTS, access, opportunities::shift_started, views};
use crate::{
    app::App,
    domain::{OpportunityStatus, Reason, Shift, SignupStatus},
    store::{self, opportunities::Stored as Opportunity, signups::Listed, volunteers::Stored as Volunteer},
    wire::{Participant, Participants, ParticipantsQuery, Signup, SignupInput, read_signup},
};

/// 报名 · Signs up for a shift: a place, or one on the waitlist, which moves up by itself when somebody withdraws.
#[utoipa::path(post, path = "/shifts/{id}/signups", tag = "signups", security(("capability" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Option<SignupInput>), responses((status = 201, body = Signup)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Option<Json>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = access::myself(&app, &credential).await?;
    let healthy = body.as_ref().map_or(Ok(false), |body| body.read(read_signup))?;
    let bytes = body.as_ref().map_or(&b""[..], Json::bytes);
    let what = [volunteer.volunteer_no.as_bytes(), b"\n", id.as_bytes(), b"\n", bytes].concat();
    idempotency::once(&app.db, &app.keys, (&headers, "volunteer/signups", &what), now, async |seed| {
        let name = reference('U', &seed.derive(&app.keys, "signup"));
        let signup = sign_up(&app, (&name, &id), (volunteer, healthy), &credential, now).await?;
        json(StatusCode::CREATED, &signup)
    })
    .await
}

async fn sign_up(
    app: &App,
    (name, shift): (&str, &str),
    (mut volunteer, healthy): (Volunteer, bool),
    credential: &Credential,
    now: DateTime<Utc>,
) -> ApiResult<Signup> {
    for _ in 0..ATTEMPTS {
        // A repeated request finds the sign-up that it made before.
        if let Some(stored) = store::signups::read(&app.db, name).await? {
            return Ok(stored.into());
        }
        let stored = store::opportunities::of_shift(&app.db, shift).await?;
        let stored = stored.filter(|stored| stored.status != OpportunityStatus::Draft);
        let stored = stored.ok_or_else(ApiError::not_found)?;
        let found = *stored.shift(shift).ok_or_else(ApiError::not_found)?;
        check(app, &volunteer, (&stored, &found, healthy), now)?;
        let who = (volunteer.no, volunteer.version);
        if store::signups::sign_up(&app.db, (name, shift), who, now).await? {
            let made = store::signups::read(&app.db, name).await?;
            return made
                .map(Signup::from)
                .ok_or_else(|| ApiError::internal("a sign-up that was made is gone"));
        }
        if let Some(refusal) = why_not(app, volunteer.no, (&stored, shift), now).await? {
            return Err(refusal);
        }
        volunteer = access::myself(app, credential).await?;
    }
    Err(ApiError::unavailable("a sign-up was refused without a reason that lasts"))
}

/// Refuses whoever lacks what the shift requires, with everything that they lack.
fn check(
    app: &App,
    volunteer: &Volunteer,
    (opportunity, shift, healthy): (&Opportunity, &Shift, bool),
    now: DateTime<Utc>,
) -> ApiResult<()> {
    if !app.rules.applies("suited_to_the_volunteer", shift.day()).map_err(ApiError::internal)? {
        return Ok(());
    }
    let facts = opportunity.facts(app.number("minimum_age", now)?);
    let reasons = views::profile(app, volunteer)?.required(&facts, shift.day(), app.grown(now)?);
    let lacking = reasons.iter().filter(|reason| !reason.passed);
    let mut faults: Vec<Fault> = lacking.map(fault).collect();
    if opportunity.head.detail.requirements.health.is_some() && !healthy {
        faults.push(Fault {
            pointer: "/health_confirmed".to_owned(),
            code: "health_not_confirmed",
            message: Text::new("须确认身体条件符合要求。", "Confirm that your health is what is asked for."),
        });
    }
    if faults.is_empty() {
        return Ok(());
    }
    let detail = Text::new(
        "您不符合该班次的报名条件。",
        "You don't have everything that the shift requires: see errors.",
    );
    Err(ApiError::conflict("requirements_not_met", detail).with_faults(faults))
}

fn fault(reason: &Reason) -> Fault {
    let (code, message) = match reason.rule {
        "age" => ("age_out_of_range", Text::new("年龄不符合要求。", "The age doesn't fit.")),
        "minors" => ("not_for_minors", Text::new("该班次不适合未成年人。", "The shift is not for minors.")),
        "trainings" => ("training_missing", Text::new("缺少所需的培训。", "A training is missing.")),
        _ => ("skill_missing", Text::new("缺少所需的技能。", "A skill is missing.")),
    };
    Fault { pointer: String::new(), code, message }
}

/// Why a sign-up was refused; `None` where nothing stands in its way now.
async fn why_not(
    app: &App,
    volunteer: i64,
    (before, shift): (&Opportunity, &str),
    now: DateTime<Utc>,
) -> ApiResult<Option<ApiError>> {
    let (own, overlapping) = store::signups::overlap(&app.db, shift, volunteer).await?;
    if own.is_some() {
        let detail = Text::new("您已报名该班次。", "You have signed up for this shift.");
        return Ok(Some(ApiError::conflict("already_signed_up", detail)));
    }
    let stored =
        store::opportunities::read(&app.db, &before.head.id).await?.ok_or_else(ApiError::not_found)?;
    let found = stored.shift(shift).ok_or_else(ApiError::not_found)?;
    if found.is_cancelled || stored.status != OpportunityStatus::Published {
        let detail = Text::new("该班次已不再招募。", "Nobody can sign up for this shift any more.");
        return Ok(Some(ApiError::conflict("shift_closed", detail)));
    }
    if found.starts_at <= now.timestamp() {
        return Ok(Some(shift_started()));
    }
    if let Some(other) = overlapping {
        let detail = Text::of(
            format!("与您已报名的班次({other})时间重叠。"),
            format!("It overlaps with a shift that you have signed up for ({other})."),
        );
        return Ok(Some(ApiError::conflict("shift_overlaps", detail)));
    }
    let is_full = found.remaining() == 0 && found.waitlisted >= found.waitlist_capacity;
    Ok(is_full.then(|| {
        let detail = Text::new("名额与候补均已满。", "There is neither a place nor room on the waitlist.");
        ApiError::conflict("shift_full", detail)
    }))
}

/// 退出报名 · Takes a sign-up back while the shift is still to come; whoever waits longest has the place.
#[utoipa::path(delete, path = "/shifts/{id}/signups/mine", tag = "signups", params(("id" = String, Path)),
    security(("capability" = [])), responses((status = 204)))]
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = access::myself(&app, &credential).await?;
    if !store::signups::withdraw(&app.db, &id, volunteer.no, now).await? {
        let own = store::signups::own(&app.db, &id, volunteer.no).await?.ok_or_else(ApiError::not_found)?;
        if matches!(own.status, SignupStatus::Confirmed | SignupStatus::Waitlisted) {
            let is_to_come = own.starts_at > now.timestamp();
            return Err(if is_to_come { checked_in() } else { shift_started() });
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn checked_in() -> ApiError {
    let detail = Text::new("您已签到，不能再退出。", "You have checked in: it is too late to withdraw.");
    ApiError::conflict("checked_in", detail)
}

/// 报名名单 · Who signed up for a shift, in the order in which they did. Masked, unless `unmasked` asks for names and telephones:
/// each such look is in the audit log.
#[utoipa::path(get, path = "/shifts/{id}/signups", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("status" = Option<SignupStatus>, Query), ("unmasked" = Option<bool>, Query),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Participants)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let staff = access::manager(&app, &credential)?;
    access::opportunity_of_shift(&app, &staff, &id).await?;
    let asked = query.read(ParticipantsQuery::read)?;
    let found =
        store::signups::of_shift(&app.db, (&id, asked.status), (asked.cursor, asked.limit + 1)).await?;
    let (found, next_cursor) = page(found, asked.limit, |last| last.signup.no.to_string());
    if asked.unmasked {
        let shown: Vec<_> = found.iter().map(|one| one.volunteer_no.as_str()).collect();
        let entry = (staff.subject.as_str(), "shift.signups_read_unmasked", id.as_str());
        let detail = object!({"area": staff.area, "institution": staff.institution, "volunteers": shown});
        audit::append(&app.db, Utc::now(), entry, &detail).await?;
    }
    let items = found.into_iter().map(|one| participant(&app, one, asked.unmasked));
    json(StatusCode::OK, &Participants { items: items.collect::<ApiResult<_>>()?, next_cursor })
}

fn participant(app: &App, listed: Listed, unmasked: bool) -> ApiResult<Participant> {
    let Listed { signup, volunteer_no, secret, entry, record_status } = listed;
    // Whoever withdrew is nobody's business any more.
    let is_coming = matches!(signup.status, SignupStatus::Confirmed | SignupStatus::Waitlisted);
    let secret = secret.filter(|_| is_coming).map(|sealed| views::open(app, &volunteer_no, &sealed));
    let secret = secret.transpose()?.map(|secret| if unmasked { secret } else { secret.masked() });
    let guardian_phone = secret.as_ref().and_then(|secret| secret.guardian.as_ref());
    Ok(Participant {
        id: signup.id,
        status: signup.status,
        position: signup.position,
        guardian_phone: guardian_phone.map(|guardian| guardian.phone.clone()),
        name: secret.as_ref().map(|secret| secret.name.clone()),
        phone: secret.map(|secret| secret.phone),
        volunteer_no,
        signed_up_at: Instant::at(signup.created_at),
        entry,
        record_status,
    })
}
