//! Volunteers as answers show them, and as searches know them.

use chrono::{DateTime, Utc};
use shared::{
    auth::Staff,
    calendar,
    instant::Instant,
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    domain::{Profile, Set},
    store::volunteers::{Stored, Trained},
    wire::{Guardian, Secret, TrainingView, Volunteer, place},
};

/// What was sealed of a volunteer.
pub(super) fn open(app: &App, volunteer_no: &str, sealed: &[u8]) -> ApiResult<Secret> {
    let opened = app.keys.open(place("volunteer", "secret", volunteer_no), sealed);
    serde_json::from_slice(&opened.map_err(ApiError::internal)?)
        .map_err(|_| ApiError::internal("an unreadable volunteer"))
}

/// Seals what names a volunteer.
pub(super) fn seal(app: &App, volunteer_no: &str, secret: &Secret) -> ApiResult<Vec<u8>> {
    let secret = serde_json::to_vec(secret).map_err(ApiError::internal)?;
    app.keys.seal(place("volunteer", "secret", volunteer_no), &secret).map_err(ApiError::internal)
}

/// The volunteer masked, for answers that are kept and for whoever holds the token.
pub(super) fn masked(app: &App, stored: &Stored, now: DateTime<Utc>) -> ApiResult<Volunteer> {
    show(app, stored, open(app, &stored.volunteer_no, &stored.secret)?.masked(), now)
}

/// The volunteer as staff see them who look, which is noted before; an organisation has no use for the identity number.
pub(super) fn whole(app: &App, staff: &Staff, stored: &Stored, now: DateTime<Utc>) -> ApiResult<Volunteer> {
    let mut secret = open(app, &stored.volunteer_no, &stored.secret)?;
    if staff.institution.is_some() {
        secret.id_number = secret.masked().id_number;
    }
    show(app, stored, secret, now)
}

fn show(app: &App, stored: &Stored, secret: Secret, now: DateTime<Utc>) -> ApiResult<Volunteer> {
    let stars = app.rules.stars(stored.total_minutes, calendar::day_of(now));
    Ok(Volunteer {
        volunteer_no: stored.volunteer_no.clone(),
        token: None,
        name: secret.name,
        id_number: secret.id_number,
        phone: secret.phone,
        guardian: secret.guardian.map(|guardian| Guardian {
            name: guardian.name,
            phone: guardian.phone,
            relation: guardian.relation,
        }),
        division_code: stored.division,
        skills: stored.skills.clone(),
        availability: stored.availability.clone(),
        trainings: trainings(stored),
        total_minutes: stored.total_minutes,
        star: stars.map_err(ApiError::internal)?.0,
        registered_at: Instant::at(stored.created_at),
    })
}

/// What organisations recorded of a volunteer's training.
pub(super) fn trainings(stored: &Stored) -> Vec<TrainingView> {
    let view =
        |trained: &Trained| TrainingView { training: trained.training, completed_on: trained.completed_on };
    stored.trainings.iter().map(view).collect()
}

/// The volunteer as shifts are compared with.
pub(super) fn profile(app: &App, stored: &Stored) -> ApiResult<Profile> {
    let secret = open(app, &stored.volunteer_no, &stored.secret)?;
    let born = secret.born().ok_or_else(|| ApiError::internal("a volunteer without a date of birth"))?;
    let trainings: Vec<_> = stored.trainings.iter().map(|trained| trained.training).collect();
    Ok(Profile {
        born,
        division: stored.division,
        skills: Set::new(&stored.skills),
        trainings: Set::new(&trainings),
        free: Set::new(&stored.availability),
    })
}
