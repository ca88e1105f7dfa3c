use chrono::{DateTime, Utc};
use serde_json::json;
use shared::{
    audit,
    auth::{Credential, Role, Staff},
    divisions::DivisionCode,
    problem::{ApiError, ApiResult},
};

use crate::{app::App, store};

/// Who may open an appointment or a place in the queue.
pub(super) enum Visitor {
    /// Whoever holds its token.
    Owner,
    /// A registrar of its area.
    Registrar(Staff),
}

impl Visitor {
    /// How the audit log names them.
    pub(super) fn actor(&self) -> &str {
        match self {
            Self::Owner => "citizen",
            Self::Registrar(staff) => &staff.subject,
        }
    }
}

/// A registrar of the division.
pub(super) fn registrar(app: &App, credential: &Credential, division: &DivisionCode) -> ApiResult<Staff> {
    let staff = credential.staff(&app.staff)?;
    staff.require(&[Role::Registrar, Role::Admin])?;
    staff.require_area(division)?;
    Ok(staff)
}

/// A registrar, and the office in their area.
pub(super) async fn registrar_of(
    app: &App,
    credential: &Credential,
    office: &str,
) -> ApiResult<(Staff, crate::wire::Office)> {
    // Who is nobody learns nothing of what exists.
    credential.staff(&app.staff)?.require(&[Role::Registrar, Role::Admin])?;
    let office = store::offices::read(&app.db, office).await?.ok_or_else(ApiError::not_found)?;
    Ok((registrar(app, credential, &office.division_code)?, office))
}

/// The owner of a thing with this token hash, or a registrar of its division.
pub(super) fn visitor(
    app: &App,
    credential: &Credential,
    token_hash: &str,
    division: &DivisionCode,
) -> ApiResult<Visitor> {
    match credential {
        Credential::None => Err(ApiError::unauthenticated()),
        Credential::Capability(token) if token.hash() == token_hash => Ok(Visitor::Owner),
        // Whoever guesses references must not learn which exist.
        Credential::Capability(_) => Err(ApiError::not_found()),
        Credential::Jwt(_) => registrar(app, credential, division).map(Visitor::Registrar),
    }
}

/// Refuses who has no credential, or a forged one, before anything is looked up: they learn nothing of what exists.
pub(super) fn require_some(app: &App, credential: &Credential) -> ApiResult<()> {
    match credential {
        Credential::None => Err(ApiError::unauthenticated()),
        Credential::Jwt(_) => credential.staff(&app.staff).map(drop),
        Credential::Capability(_) => Ok(()),
    }
}

/// The appointment, for its owner or a registrar of its area.
pub(super) async fn open(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Visitor, store::appointments::Stored)> {
    require_some(app, credential)?;
    let stored = store::appointments::read(&app.db, reference).await?.ok_or_else(ApiError::not_found)?;
    let visitor = visitor(app, credential, &stored.token_hash, &stored.office.division_code)?;
    Ok((visitor, stored))
}

/// Notes in the audit log that a registrar sees people unmasked.
pub(super) async fn audit_look(app: &App, staff: &Staff, subject: &str, now: DateTime<Utc>) -> ApiResult<()> {
    let entry = (staff.subject.as_str(), "appointment.read_unmasked", subject);
    audit::append(&app.db, now, entry, &json!({"area": staff.area})).await.map_err(ApiError::from)
}
