//! Sign-ups, and their end.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::Utc;
use http::StatusCode;
use rusqlite::{OptionalExtension as _, Row};
use serde::Deserialize;
use shared::{
    auth::Credential,
    divisions::DivisionCode,
    extract::{Json, Path, json as answer},
    geo::Position,
    i18n::Text,
    instant::Instant,
    names::reference,
    privacy::{Place, random},
    problem::{ApiError, ApiResult},
};
use volunteer::{
    domain::{Detail, Facts, FreeTime, Grown, OpportunityStatus, Profile, Set, Shift, Skill, Training},
    wire::{Secret, Signup, read_signup},
};

use super::{
    super::{json, text, word},
    App,
};

const READ_VOLUNTEER: &str =
    include_str!("../../../../../functions/volunteer/sql/read_volunteer_by_token.sql");
const READ_OPPORTUNITY: &str =
    include_str!("../../../../../functions/volunteer/sql/read_opportunity_of_shift.sql");
const SIGN_UP: &str = include_str!("../../../../../functions/volunteer/sql/sign_up.sql");
const READ_SIGNUP: &str = include_str!("../../../../../functions/volunteer/sql/read_signup.sql");
const WITHDRAW: &str = include_str!("../../../../../functions/volunteer/sql/withdraw_signup.sql");

/// A volunteer as the statements give them.
struct Volunteer {
    no: i64,
    version: i64,
    volunteer_no: String,
    division: DivisionCode,
    skills: Vec<Skill>,
    availability: Vec<FreeTime>,
    trainings: Vec<Trained>,
    secret: Vec<u8>,
}

#[derive(Deserialize)]
struct Trained {
    training: Training,
}

/// What a sign-up looks at in an opportunity.
#[derive(Deserialize)]
struct Card {
    status: OpportunityStatus,
    division_code: DivisionCode,
    lat: f64,
    lon: f64,
    detail: Detail,
    shifts: Vec<Shift>,
}

pub(super) async fn create(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(shift): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = myself(&app, credential).await?;
    let healthy = body.read(read_signup)?;
    let wanted = shift.clone();
    let read = move |c: &rusqlite::Connection| {
        c.prepare_cached(READ_OPPORTUNITY)?.query_row([wanted], |row| json::<Card>(row, "card"))
    };
    let card = app.truth.read_apart(read).await?;
    let found =
        card.shifts.iter().find(|known| known.id.as_str() == shift).ok_or_else(ApiError::not_found)?;
    let place = (card.division_code, Position { lat: card.lat, lon: card.lon });
    let facts = Facts::of(place, &card.detail, app.number("minimum_age", now)?);
    let grown = Grown { guardian_below: app.number("guardian_below_age", now)? };
    let reasons = profile(&app, &volunteer)?.required(&facts, found.day(), grown);
    let fits = reasons.iter().all(|reason| reason.passed)
        && (healthy || card.detail.requirements.health.is_none())
        && card.status == OpportunityStatus::Published;
    if !fits {
        return Err(refused());
    }
    let id = reference('U', &app.keys.derive("signup", &random::<32>()));
    let parameters =
        vec![text(&id), text(&shift), volunteer.no.into(), now.timestamp().into(), volunteer.version.into()];
    app.writer.first_row(SIGN_UP, parameters).await?.ok_or_else(refused)?;
    let read = move |c: &rusqlite::Connection| c.prepare_cached(READ_SIGNUP)?.query_row([id], signup);
    answer(StatusCode::CREATED, &app.truth.read_apart(read).await?)
}

pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(shift): Path<String>,
) -> ApiResult<Response> {
    let volunteer = myself(&app, credential).await?;
    let parameters = vec![text(&shift), volunteer.no.into(), Utc::now().timestamp().into()];
    app.writer.first_row(WITHDRAW, parameters).await?.ok_or_else(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn myself(app: &App, credential: Credential) -> ApiResult<Volunteer> {
    let Credential::Capability(token) = credential else { return Err(ApiError::unauthenticated()) };
    let read = move |c: &rusqlite::Connection| {
        c.prepare_cached(READ_VOLUNTEER)?.query_row([token.hash()], volunteer).optional()
    };
    app.truth.read_apart(read).await?.ok_or_else(ApiError::unauthenticated)
}

fn volunteer(row: &Row<'_>) -> rusqlite::Result<Volunteer> {
    Ok(Volunteer {
        no: row.get("no")?,
        version: row.get("version")?,
        volunteer_no: row.get("volunteer_no")?,
        division: word(row, "division_code")?,
        skills: json(row, "skills")?,
        availability: json(row, "availability")?,
        trainings: json(row, "trainings")?,
        secret: row.get("secret")?,
    })
}

fn profile(app: &App, volunteer: &Volunteer) -> ApiResult<Profile> {
    let place = Place { table: "volunteer", column: "secret", row: &volunteer.volunteer_no };
    let opened = app.keys.open(place, &volunteer.secret).map_err(ApiError::internal)?;
    let secret: Secret =
        serde_json::from_slice(&opened).map_err(|_| ApiError::internal("an unreadable secret"))?;
    let trainings: Vec<_> = volunteer.trainings.iter().map(|trained| trained.training).collect();
    Ok(Profile {
        born: secret.born().ok_or_else(|| ApiError::internal("no date of birth"))?,
        division: volunteer.division,
        skills: Set::new(&volunteer.skills),
        trainings: Set::new(&trainings),
        free: Set::new(&volunteer.availability),
    })
}

fn signup(row: &Row<'_>) -> rusqlite::Result<Signup> {
    Ok(Signup {
        id: row.get("id")?,
        status: word(row, "status")?,
        position: row.get("position")?,
        shift_id: row.get("shift")?,
        starts_at: Instant::at(row.get("starts_at")?),
        ends_at: Instant::at(row.get("ends_at")?),
        opportunity_id: row.get("opportunity")?,
        title: row.get("title")?,
        address: row.get("address")?,
        phone: row.get("phone")?,
        division_code: word(row, "division_code")?,
        organisation_id: row.get("organisation")?,
        organisation_name: row.get("organisation_name")?,
        signed_up_at: Instant::at(row.get("created_at")?),
    })
}

fn refused() -> ApiError {
    ApiError::conflict("refused", Text::new("未能办理。", "Not done."))
}
