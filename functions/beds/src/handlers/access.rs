//! Who may see and change what.

use shared::{
    auth::{Credential, Role, Staff, Visitor},
    divisions::DivisionCode,
    i18n::Text,
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    store::{self, applications::Stored as Application, institutions::Stored as Institution},
};

/// Whoever may work on institutions and applications.
const MANAGERS: &[Role] = &[Role::CareManager, Role::Admin];

/// A manager, before anything is looked up: who is nobody learns nothing of what exists.
pub(super) fn manager(app: &App, credential: &Credential) -> ApiResult<Staff> {
    let staff = credential.staff(&app.staff)?;
    staff.require(MANAGERS)?;
    Ok(staff)
}

/// A manager of a district or more, not of one institution.
pub(super) fn district_manager(app: &App, credential: &Credential) -> ApiResult<Staff> {
    let staff = manager(app, credential)?;
    if staff.institution.is_some() {
        return Err(other_institution());
    }
    Ok(staff)
}

fn other_institution() -> ApiError {
    ApiError::forbidden(Text::new("您只能管理本机构。", "You may manage your own institution only."))
}

/// Lets pass whoever may change this institution: its own staff, and those of the area that it lies in.
pub(super) fn require_institution(staff: &Staff, id: &str, division: &DivisionCode) -> ApiResult<()> {
    if staff.institution.as_ref().is_some_and(|own| own != id) {
        return Err(other_institution());
    }
    staff.require_area(division)
}

/// A manager, and the institution that they may change.
pub(super) async fn manager_of(
    app: &App,
    credential: &Credential,
    id: &str,
) -> ApiResult<(Staff, Institution)> {
    let staff = manager(app, credential)?;
    let stored = store::institutions::read(&app.db, id).await?.filter(|stored| !stored.is_removed);
    let stored = stored.ok_or_else(ApiError::not_found)?;
    require_institution(&staff, id, &stored.head.division_code)?;
    Ok((staff, stored))
}

/// The application, for its owner, or a manager of an institution where it waits or of the applicant's district.
pub(super) async fn open(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Visitor, Application)> {
    credential.require_some(&app.staff, MANAGERS)?;
    let stored = read(app, reference).await?;
    match credential {
        Credential::Jwt(_) => {
            let staff = manager(app, credential)?;
            if !concerns(&staff, &stored) {
                return Err(ApiError::forbidden(Text::new(
                    "该申请不在您的管辖范围内。",
                    "This application does not concern you.",
                )));
            }
            Ok((Visitor::Staff(staff), stored))
        }
        _ => {
            let owned = (stored.token_hash.as_str(), &stored.division);
            Ok((credential.visitor(&app.staff, MANAGERS, owned)?, stored))
        }
    }
}

/// A manager whom the application concerns.
pub(super) async fn manager_of_application(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Staff, Application)> {
    let staff = manager(app, credential)?;
    match open(app, credential, reference).await? {
        (Visitor::Staff(_), stored) => Ok((staff, stored)),
        (Visitor::Owner, _) => Err(ApiError::unauthenticated()),
    }
}

fn concerns(staff: &Staff, application: &Application) -> bool {
    let waits_here = application
        .positions
        .iter()
        .any(|place| require_institution(staff, &place.institution, &place.division_code).is_ok());
    waits_here || (staff.institution.is_none() && staff.area.contains(&application.division))
}

pub(super) async fn read(app: &App, reference: &str) -> ApiResult<Application> {
    store::applications::read(&app.db, reference).await?.ok_or_else(ApiError::not_found)
}
