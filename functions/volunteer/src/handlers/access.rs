//! Who may see and change what.

use chrono::{DateTime, Utc};
use shared::{
    auth::{Credential, Role, Staff},
    divisions::DivisionCode,
    i18n::Text,
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    store::{
        self, opportunities::Stored as Opportunity, record::Stored as Record, volunteers::Stored as Volunteer,
    },
    wire::Organisation,
};

/// Whoever may work on organisations and what they offer.
const MANAGERS: &[Role] = &[Role::VolunteerManager, Role::Admin];

/// A manager, before anything is looked up: who is nobody learns nothing of what exists.
pub(super) fn manager(app: &App, credential: &Credential) -> ApiResult<Staff> {
    credential.staff_with(&app.staff, MANAGERS)
}

/// Lets pass whoever works for a district or more, not for one organisation.
pub(super) fn require_district(staff: &Staff) -> ApiResult<()> {
    if staff.institution.is_some() { Err(other_organisation()) } else { Ok(()) }
}

fn other_organisation() -> ApiError {
    ApiError::forbidden(Text::new("您只能管理本组织。", "You may manage your own organisation only."))
}

/// Lets pass whoever may act for an organisation: its own staff, and those of the area that it lies in.
pub(super) fn require_organisation(staff: &Staff, id: &str, division: &DivisionCode) -> ApiResult<()> {
    if staff.institution.as_ref().is_some_and(|own| own != id) {
        return Err(other_organisation());
    }
    staff.require_area(division)
}

/// The organisation, for which the manager may act.
pub(super) async fn organisation(app: &App, staff: &Staff, id: &str) -> ApiResult<Organisation> {
    let organisation = store::organisations::read(&app.db, id).await?.ok_or_else(ApiError::not_found)?;
    require_organisation(staff, id, &organisation.division_code)?;
    Ok(organisation)
}

/// The opportunity, for whose organisation the manager may act.
pub(super) async fn opportunity(app: &App, staff: &Staff, id: &str) -> ApiResult<Opportunity> {
    allowed(staff, store::opportunities::read(&app.db, id).await?)
}

/// The opportunity that a shift belongs to, likewise.
pub(super) async fn opportunity_of_shift(app: &App, staff: &Staff, shift: &str) -> ApiResult<Opportunity> {
    allowed(staff, store::opportunities::of_shift(&app.db, shift).await?)
}

fn allowed(staff: &Staff, stored: Option<Opportunity>) -> ApiResult<Opportunity> {
    let stored = stored.ok_or_else(ApiError::not_found)?;
    require_organisation(staff, &stored.head.organisation_id, &stored.organisation_division)?;
    Ok(stored)
}

/// The entry of the record, for whose organisation the manager may act.
pub(super) async fn record(app: &App, staff: &Staff, id: &str) -> ApiResult<Record> {
    let stored = store::record::read(&app.db, id).await?.ok_or_else(ApiError::not_found)?;
    require_organisation(staff, &stored.organisation, &stored.organisation_division)?;
    Ok(stored)
}

/// The volunteer, for staff of the area where they serve, and of an organisation while they serve with it and for some days
/// after.
pub(super) async fn volunteer(
    app: &App,
    staff: &Staff,
    volunteer_no: &str,
    now: DateTime<Utc>,
) -> ApiResult<Volunteer> {
    let stored = store::volunteers::read(&app.db, volunteer_no).await?.ok_or_else(ApiError::not_found)?;
    let since = now.timestamp() - i64::from(app.number("organisation_sees_days", now)?) * 86_400;
    match &staff.institution {
        None => staff.require_area(&stored.division)?,
        Some(own) if store::volunteers::serves(&app.db, stored.no, own, since).await? => {}
        Some(_) => return Err(other_organisation()),
    }
    Ok(stored)
}

/// The volunteer, for staff of a district or more where they serve.
pub(super) async fn volunteer_of_area(app: &App, staff: &Staff, volunteer_no: &str) -> ApiResult<Volunteer> {
    require_district(staff)?;
    let stored = store::volunteers::read(&app.db, volunteer_no).await?.ok_or_else(ApiError::not_found)?;
    staff.require_area(&stored.division)?;
    Ok(stored)
}

/// The volunteer whose token this is.
pub(super) async fn myself(app: &App, credential: &Credential) -> ApiResult<Volunteer> {
    let Credential::Capability(token) = credential else { return Err(ApiError::unauthenticated()) };
    let stored = store::volunteers::by_token(&app.db, &token.hash()).await?;
    stored.ok_or_else(ApiError::unauthenticated)
}

/// The volunteer who looks, where somebody comes with a token.
pub(super) async fn whoever(app: &App, credential: &Credential) -> ApiResult<Option<Volunteer>> {
    match credential {
        Credential::Capability(_) => myself(app, credential).await.map(Some),
        Credential::None | Credential::Jwt(_) => Ok(None),
    }
}
