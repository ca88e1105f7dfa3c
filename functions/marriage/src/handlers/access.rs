use chrono::{DateTime, Utc};
use serde_json::json;
use shared::{
    audit,
    auth::{Credential, Role, Staff, Visitor},
    problem::{ApiError, ApiResult},
};

use crate::{app::App, store};

/// Whoever may work on appointments.
pub(super) const REGISTRARS: &[Role] = &[Role::Registrar, Role::Admin];

/// A registrar, and the office in their area.
pub(super) async fn registrar_of(
    app: &App,
    credential: &Credential,
    office: &str,
) -> ApiResult<(Staff, crate::wire::Office)> {
    // Who is nobody learns nothing of what exists.
    let staff = credential.staff_with(&app.staff, REGISTRARS)?;
    let office = store::offices::read(&app.db, office).await?.ok_or_else(ApiError::not_found)?;
    staff.require_area(&office.division_code)?;
    Ok((staff, office))
}

/// The appointment, for its owner or a registrar of its area.
pub(super) async fn open(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Visitor, store::appointments::Stored)> {
    let bearer = credential.bearer(&app.staff, REGISTRARS)?;
    let stored = store::appointments::read(&app.db, reference).await?.ok_or_else(ApiError::not_found)?;
    let visitor = bearer.open((&stored.token_hash, &stored.office.division_code))?;
    Ok((visitor, stored))
}

/// Notes in the audit log that a registrar sees people unmasked.
pub(super) async fn audit_look(app: &App, staff: &Staff, subject: &str, now: DateTime<Utc>) -> ApiResult<()> {
    let entry = (staff.subject.as_str(), "appointment.read_unmasked", subject);
    audit::append(&app.db, now, entry, &json!({"area": staff.area})).await.map_err(ApiError::from)
}
