//! Applications as answers show them.

use serde_json::json;
use shared::{audit, auth::Visitor, problem::ApiResult};

use crate::{
    app::App,
    domain::Record,
    wire::{Application, Sight},
};

/// The application as the visitor may see it; a manager's look at the applicant is noted before it is answered.
pub(super) async fn show(app: &App, visitor: &Visitor, record: &Record, now: i64) -> ApiResult<Application> {
    let Visitor::Staff(staff) = visitor else { return masked(app, visitor, record, now) };
    let entry = (staff.subject.as_str(), "application.read_unmasked", record.reference.as_str());
    let detail = json!({"area": staff.area, "institution": staff.institution});
    audit::append(&app.db, chrono::Utc::now(), entry, &detail).await?;
    Application::of(record, &app.keys, Sight::Whole, now)
}

/// The application with its applicant masked, for lists and for answers that are kept.
pub(super) fn masked(app: &App, visitor: &Visitor, record: &Record, now: i64) -> ApiResult<Application> {
    let sight = if matches!(visitor, Visitor::Owner) { Sight::Owner } else { Sight::Masked };
    Application::of(record, &app.keys, sight, now)
}
