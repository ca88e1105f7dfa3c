//! Who may see and change what.

use shared::{
    auth::{Credential, Role, Staff, Visitor},
    divisions::DivisionCode,
    i18n::Text,
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    domain::{Place, Standing, Step},
    store::{
        self,
        applications::{Position, Stored as Application, Taken},
        institutions::Stored as Institution,
    },
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

/// The application, for its owner, or a manager whom it concerns.
pub(super) async fn open(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Visitor, Application)> {
    credential.require_some(&app.staff, MANAGERS)?;
    let stored = read(app, reference).await?;
    if let Credential::Jwt(_) = credential {
        let staff = manager(app, credential)?;
        require_concerned(&staff, &stored)?;
        return Ok((Visitor::Staff(staff), stored));
    }
    let owned = (stored.token_hash.as_str(), &stored.division);
    Ok((credential.visitor(&app.staff, MANAGERS, owned)?, stored))
}

/// Whoever may take a step, or took it: a manager's repeated request finds an application that is no longer theirs.
pub(super) async fn open_for(
    app: &App,
    credential: &Credential,
    reference: &str,
    step: &Step,
) -> ApiResult<Visitor> {
    if let Credential::Jwt(_) = credential {
        let staff = manager(app, credential)?;
        let stored = read(app, reference).await?;
        let is_own = |taken: &&Taken| {
            let is_here = staff.institution.is_none() || staff.institution == taken.institution;
            taken.kind == step.kind() && taken.by == staff.subject && is_here
        };
        if stored.steps.iter().find(is_own).is_none() {
            require_concerned(&staff, &stored)?;
        }
        return Ok(Visitor::Staff(staff));
    }
    Ok(open(app, credential, reference).await?.0)
}

/// A manager whom the application concerns.
pub(super) async fn manager_of_application(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Staff, Application)> {
    let staff = manager(app, credential)?;
    let stored = read(app, reference).await?;
    require_concerned(&staff, &stored)?;
    Ok((staff, stored))
}

/// Lets pass whom an application concerns: while it waits, the homes where it does; while it has an offer or a bed, that
/// home; and always the district of the applicant's household.
pub(super) fn require_concerned(staff: &Staff, application: &Application) -> ApiResult<()> {
    let is_theirs = match &application.standing {
        Standing::Waiting => application.positions.iter().any(|position| manages(staff, position)),
        standing => standing.place().is_some_and(|place| manages_place(staff, application, place)),
    };
    if is_theirs || (staff.institution.is_none() && staff.area.contains(&application.division)) {
        return Ok(());
    }
    Err(ApiError::forbidden(Text::new(
        "该申请不在您的管辖范围内。",
        "This application does not concern you.",
    )))
}

/// Lets pass who may take a step of an application that concerns them: an offer, an admission and a discharge are the
/// home's; a withdrawal from every queue isn't one home's.
pub(super) fn require_step(staff: &Staff, application: &Application, step: &Step) -> ApiResult<()> {
    require_concerned(staff, application)?;
    let is_theirs = match step {
        Step::Offer(offer) => manages_place(staff, application, &offer.place),
        Step::Admit | Step::Discharge => {
            application.standing.place().is_none_or(|place| manages_place(staff, application, place))
        }
        Step::Withdraw => staff.institution.is_none() || application.standing != Standing::Waiting,
        Step::Accept(_) | Step::Decline(_) | Step::Expire => true,
    };
    if is_theirs { Ok(()) } else { Err(other_institution()) }
}

fn manages(staff: &Staff, position: &Position) -> bool {
    require_institution(staff, &position.institution, &position.division_code).is_ok()
}

fn manages_place(staff: &Staff, application: &Application, place: &Place) -> bool {
    let mut positions = application.positions.iter();
    positions.any(|position| position.institution == place.institution && manages(staff, position))
}

pub(super) async fn read(app: &App, reference: &str) -> ApiResult<Application> {
    store::applications::read(&app.db, reference).await?.ok_or_else(ApiError::not_found)
}
