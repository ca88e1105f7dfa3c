use std::sync::Arc;

use axum::{extract::State, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::json as object;
use shared::{
    audit,
    auth::Credential,
    calendar,
    extract::{Json, Path, Query, json},
    i18n::Text,
    instant::Instant,
    names::reference,
    paging::page,
    privacy::base64url,
    problem::{ApiError, ApiResult},
};

use super::{ATTEMPTS, access};
use crate::{
    app::App,
    domain::{
        CorrectionReason, RecordStanding, RecordStatus, RecordStep, RecordStepKind, Why, served_minutes,
    },
    store::{
        self,
        record::{Beginning, Stored, Taken, Taking, Wanted, step_id},
    },
    wire::{
        AddedRecord, AddedRecordInput, CorrectionInput, Dispute, DisputeInput, Record, RecordEntries,
        RecordEntry, RecordQuery, RecordStepView, place, read_correction, read_page,
    },
};

/// An entry as its volunteer sees it: of staff only that they are staff.
pub(super) fn masked(app: &App, stored: &Stored, now: DateTime<Utc>) -> ApiResult<RecordEntry> {
    show(app, stored, Sight::Own, now)
}

/// What of an entry somebody gets to see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// The volunteer's: of staff only that they are staff.
    Own,
    /// Staff's who take a step: without what the volunteer wrote.
    Step,
    /// Staff's who look, which the log notes.
    Whole,
}

fn show(app: &App, stored: &Stored, sight: Sight, now: DateTime<Utc>) -> ApiResult<RecordEntry> {
    let days = i64::from(app.number("dispute_days", now)?);
    let decided = stored.steps.iter().rev().find(|taken| taken.kind != RecordStepKind::Disputed);
    let decided_at = decided.map_or(stored.changed_at, |taken| taken.at);
    let step = |taken: &Taken| -> ApiResult<RecordStepView> {
        let is_hidden = sight == Sight::Own && taken.by != "citizen";
        let note = taken.note.as_ref().filter(|_| sight != Sight::Step);
        Ok(RecordStepView {
            step: taken.kind,
            at: Instant::at(taken.at),
            by: if is_hidden { "staff".to_owned() } else { taken.by.clone() },
            minutes: taken.minutes,
            counted_minutes: taken.counted,
            reason: taken.reason,
            claimed_minutes: taken.claimed,
            note: note.map(|sealed| open_note(app, &taken.id, sealed)).transpose()?,
        })
    };
    Ok(RecordEntry {
        entry: stored.id.clone(),
        status: stored.standing.status,
        volunteer_no: stored.volunteer_no.clone(),
        shift_id: stored.shift.clone(),
        starts_at: Instant::at(stored.starts_at),
        ends_at: Instant::at(stored.ends_at),
        opportunity_id: stored.opportunity.clone(),
        title: stored.title.clone(),
        field: stored.field,
        division_code: stored.division,
        organisation_id: stored.organisation.clone(),
        organisation_name: stored.organisation_name.clone(),
        checked_in_at: stored.checked_in_at.map(Instant::at),
        checked_out_at: stored.checked_out_at.map(Instant::at),
        minutes: stored.standing.minutes,
        counted_minutes: stored.standing.counted,
        disputable_until: Instant::at(decided_at + days * 86_400),
        steps: stored.steps.iter().map(step).collect::<ApiResult<_>>()?,
    })
}

fn open_note(app: &App, step: &str, sealed: &str) -> ApiResult<String> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| ApiError::internal("an unreadable note"))?;
    let opened = app.keys.open(place("record_step", "note", step), &sealed).map_err(ApiError::internal)?;
    String::from_utf8(opened).map_err(|_| ApiError::internal("an unreadable note"))
}

/// 我的志愿服务记录 · The volunteer's record: entries, the minutes that count, and the stars that they make.
#[utoipa::path(get, path = "/volunteers/me/record", tag = "volunteers", security(("capability" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Record)))]
pub(crate) async fn read_mine(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = access::myself(&app, &credential).await?;
    let (before, limit) = query.read(read_page)?;
    let found = store::record::of_volunteer(&app.db, volunteer.no, (before, limit + 1)).await?;
    let (found, next_cursor) = page(found, limit, |last| last.no.to_string());
    let stars = app.rules.stars(volunteer.total_minutes, calendar::day_of(now));
    let (star, next_star_minutes) = stars.map_err(ApiError::internal)?;
    let record = Record {
        volunteer_no: volunteer.volunteer_no,
        total_minutes: volunteer.total_minutes,
        pending_minutes: store::record::pending(&app.db, volunteer.no).await?,
        star,
        next_star_minutes,
        entries: found.iter().map(|entry| masked(&app, entry, now)).collect::<ApiResult<_>>()?,
        next_cursor,
    };
    json(StatusCode::OK, &record)
}

/// 提出异议 · Disputes an entry: what counted before counts until staff have decided.
#[utoipa::path(post, path = "/volunteers/me/record/{entry}/dispute", tag = "volunteers",
    params(("entry" = String, Path)), security(("capability" = [])), request_body = DisputeInput,
    responses((status = 200, body = RecordEntry)))]
pub(crate) async fn dispute(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(entry): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = access::myself(&app, &credential).await?;
    let stored = store::record::read(&app.db, &entry).await?;
    let stored = stored.filter(|stored| stored.volunteer == volunteer.no).ok_or_else(ApiError::not_found)?;
    let Dispute { reason, claimed, note } = body.read(Dispute::read)?;
    let is_repeated = |taken: &Taken| {
        taken.kind == RecordStepKind::Disputed
            && (taken.reason, taken.claimed) == (Some(Why::Dispute(reason)), claimed)
    };
    if stored.steps.last().is_some_and(is_repeated) {
        return json(StatusCode::OK, &masked(&app, &stored, now)?);
    }
    let days = i64::from(app.number("dispute_days", now)?);
    if now.timestamp() > stored.changed_at + days * 86_400 {
        let detail = Text::new("已超过提出异议的期限。", "It is too late to dispute this entry.");
        return Err(ApiError::conflict("too_late_to_dispute", detail));
    }
    let how = How { by: "citizen", reason: Some(reason.word()), claimed, note: note.as_deref() };
    let stored = take(&app, stored, RecordStep::Dispute, &how, now).await?;
    json(StatusCode::OK, &masked(&app, &stored, now)?)
}

/// Who takes a step, and what they say.
struct How<'a> {
    by: &'a str,
    reason: Option<&'static str>,
    claimed: Option<i64>,
    note: Option<&'a str>,
}

/// Takes a step, or says why it may not be taken; the entry as it is then.
async fn take(
    app: &App,
    mut stored: Stored,
    step: RecordStep,
    how: &How<'_>,
    now: DateTime<Utc>,
) -> ApiResult<Stored> {
    let seen = stored.standing.status;
    for _ in 0..ATTEMPTS {
        let (kind, standing) = stored.standing.take(step).ok_or_else(wrong_status)?;
        if standing.counted > 0 && !stored.has_place {
            return Err(no_place());
        }
        let id = step_id(&stored.id, stored.step);
        let sealed = how.note.map(|note| app.keys.seal(place("record_step", "note", &id), note.as_bytes()));
        let taking = Taking {
            record: &stored.id,
            after: stored.step,
            kind,
            standing,
            by: how.by,
            checked_out_at: None,
            reason: how.reason,
            claimed: how.claimed,
            note: sealed.transpose().map_err(ApiError::internal)?.map(|sealed| base64url(&sealed)),
        };
        let is_taken = store::record::take_step(&app.db, taking, now).await?;
        stored = store::record::read(&app.db, &stored.id).await?.ok_or_else(ApiError::not_found)?;
        if is_taken {
            return Ok(stored);
        }
        // Whoever decides on what they saw must not overrule what came in between.
        if stored.standing.status != seen {
            return Err(ApiError::changed_meanwhile());
        }
        if step == RecordStep::Dispute && stored.is_forgotten {
            return Err(ApiError::unauthenticated());
        }
    }
    Err(ApiError::unavailable("an entry kept changing"))
}

fn no_place() -> ApiError {
    ApiError::conflict(
        "no_place",
        Text::new(
            "该班次已取消或已退出，不能计入。",
            "The shift was cancelled, or the place given back: nothing counts.",
        ),
    )
}

pub(super) fn wrong_status() -> ApiError {
    ApiError::conflict(
        "wrong_status",
        Text::new("记录目前的状态不允许此操作。", "The entry's status does not allow this."),
    )
}

/// 服务记录 · Entries of an organisation: those to confirm (`recorded`), those in dispute, or all of a shift. Reading what volunteers
/// wrote is in the audit log.
#[utoipa::path(get, path = "/record", tag = "staff", security(("staff" = [])),
    params(("organisation_id" = String, Query), ("status" = Option<RecordStatus>, Query),
           ("shift_id" = Option<String>, Query),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = RecordEntries)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let asked = query.read(RecordQuery::read)?;
    access::organisation(&app, &staff, &asked.organisation).await?;
    let wanted =
        Wanted { organisation: &asked.organisation, status: asked.status, shift: asked.shift.as_deref() };
    let found = store::record::of_organisation(&app.db, wanted, (asked.cursor, asked.limit + 1)).await?;
    let (found, next_cursor) = page(found, asked.limit, |last| last.no.to_string());
    let has_note = |entry: &&Stored| entry.steps.iter().any(|taken| taken.note.is_some());
    let noted: Vec<_> = found.iter().filter(has_note).map(|entry| entry.id.as_str()).collect();
    if !noted.is_empty() {
        let entry = (staff.subject.as_str(), "record.notes_read", asked.organisation.as_str());
        let detail = object!({"area": staff.area, "institution": staff.institution, "entries": noted});
        audit::append(&app.db, now, entry, &detail).await?;
    }
    let items = found.iter().map(|entry| show(&app, entry, Sight::Whole, now)).collect::<ApiResult<_>>()?;
    json(StatusCode::OK, &RecordEntries { items, next_cursor })
}

/// 补录 · Enters the service of somebody who has a place but couldn't check in; it counts at once.
#[utoipa::path(post, path = "/shifts/{id}/record", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = AddedRecordInput, responses((status = 201, body = RecordEntry)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    access::opportunity_of_shift(&app, &staff, &id).await?;
    let added = body.read(|o| AddedRecord::read(o, now.timestamp()))?;
    let volunteer = store::volunteers::read(&app.db, &added.volunteer_no).await?;
    let volunteer = volunteer.ok_or_else(not_signed_up)?;
    let own = store::signups::own(&app.db, &id, volunteer.no).await?.ok_or_else(not_signed_up)?;
    let minutes = served_minutes((own.starts_at, own.ends_at), added.from, added.to);
    if minutes == 0 {
        let detail = Text::new("不在班次时间内。", "None of it lies within the shift.");
        return Err(ApiError::conflict("outside_shift", detail));
    }
    let name = reference('E', &app.keys.derive("added-record", own.id.as_bytes()));
    let beginning = Beginning {
        id: &name,
        shift: &id,
        volunteer: volunteer.no,
        standing: RecordStanding::added(minutes),
        checked_in_at: Some(added.from),
        checked_out_at: Some(added.to),
        reason: Some(added.reason),
        by: &staff.subject,
    };
    store::record::begin(&app.db, beginning, now).await?;
    let stored = store::record::of_shift(&app.db, &id, volunteer.no).await?.ok_or_else(not_signed_up)?;
    // A repeated request finds the entry that it made; whoever checked in has one already.
    let is_same = stored.id == name
        && (stored.checked_in_at, stored.checked_out_at) == (Some(added.from), Some(added.to))
        && stored.reason == Some(added.reason);
    if !is_same {
        let detail = Text::new("该志愿者已有记录，请更正。", "There is an entry already: correct that one.");
        return Err(ApiError::conflict("record_exists", detail));
    }
    json(StatusCode::CREATED, &show(&app, &stored, Sight::Step, now)?)
}

fn not_signed_up() -> ApiError {
    ApiError::conflict(
        "not_signed_up",
        Text::new("该志愿者在此班次没有名额。", "This volunteer has no place in the shift."),
    )
}

/// 确认 · Confirms an entry: its minutes count. A disputed one is settled by a correction instead.
#[utoipa::path(post, path = "/record/{entry}/confirm", tag = "staff", params(("entry" = String, Path)),
    security(("staff" = [])), responses((status = 200, body = RecordEntry)))]
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(entry): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let mut stored = access::record(&app, &staff, &entry).await?;
    // A repeated request finds what it did before.
    if stored.standing.status != RecordStatus::Confirmed {
        let how = How { by: &staff.subject, reason: None, claimed: None, note: None };
        stored = take(&app, stored, RecordStep::Confirm, &how, now).await?;
    }
    json(StatusCode::OK, &show(&app, &stored, Sight::Step, now)?)
}

/// 更正 · Corrects an entry, with a reason; the minutes count. It also settles a dispute, either way. While a shift runs, no more
/// minutes than have passed.
#[utoipa::path(post, path = "/record/{entry}/correct", tag = "staff", params(("entry" = String, Path)),
    security(("staff" = [])), request_body = CorrectionInput, responses((status = 200, body = RecordEntry)))]
pub(crate) async fn correct(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(entry): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let stored = access::record(&app, &staff, &entry).await?;
    let served = (now.timestamp() - stored.starts_at) / 60;
    if served <= 0 {
        let detail = Text::new("班次尚未开始。", "The shift hasn't begun.");
        return Err(ApiError::conflict("shift_not_started", detail));
    }
    let overtime = i64::from(app.number("overtime_minutes_most", now)?);
    let most = ((stored.ends_at - stored.starts_at) / 60 + overtime).min(served);
    let (minutes, reason) = body.read(|o| read_correction(o, most))?;
    let how = How { by: &staff.subject, reason: Some(reason.word()), claimed: None, note: None };
    let stored = if is_last(&stored, minutes, reason) {
        stored
    } else {
        take(&app, stored, RecordStep::Correct { minutes }, &how, now).await?
    };
    json(StatusCode::OK, &show(&app, &stored, Sight::Step, now)?)
}

/// Whether the last thing that staff did to an entry was this very correction: then the request was repeated, and what came
/// after it stands.
fn is_last(stored: &Stored, minutes: i64, reason: CorrectionReason) -> bool {
    let by_staff = |taken: &&Taken| {
        matches!(taken.kind, RecordStepKind::Added | RecordStepKind::Confirmed | RecordStepKind::Corrected)
    };
    stored.steps.iter().rev().find(by_staff).is_some_and(|taken| {
        taken.kind == RecordStepKind::Corrected
            && taken.minutes == minutes
            && taken.reason == Some(Why::Correction(reason))
    })
}
