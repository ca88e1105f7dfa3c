//! Who may see and change what.

use shared::{
    auth::{Bearer, Credential, Role, Staff, Visitor},
    divisions::DivisionCode,
    i18n::Text,
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    domain::{Place, Preference, Record, Standing, Step, Taken},
    store::{self, institutions::Stored as Institution},
};

/// Whoever may work on institutions and applications.
const MANAGERS: &[Role] = &[Role::CareManager, Role::Admin];

/// A manager, before anything is looked up: who is nobody learns nothing of what exists.
pub(super) fn manager(app: &App, credential: &Credential) -> ApiResult<Staff> {
    credential.staff_with(&app.staff, MANAGERS)
}

/// A manager of a district or more, not of one institution.
pub(super) fn district_manager(app: &App, credential: &Credential) -> ApiResult<Staff> {
    let staff = manager(app, credential)?;
    require_district(&staff)?;
    Ok(staff)
}

/// Lets pass whoever works for a district or more, not for one institution.
pub(super) fn require_district(staff: &Staff) -> ApiResult<()> {
    if staff.institution.is_some() { Err(other_institution()) } else { Ok(()) }
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

/// The institution, which the manager may change.
pub(super) async fn managed(app: &App, staff: &Staff, id: &str) -> ApiResult<Institution> {
    let stored = store::institutions::read(&app.db, id).await?.filter(|stored| !stored.is_removed);
    let stored = stored.ok_or_else(ApiError::not_found)?;
    require_institution(staff, id, &stored.head.division_code)?;
    Ok(stored)
}

/// The application, for its owner, or a manager whom it concerns.
pub(super) async fn open(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Visitor, Record)> {
    let bearer = credential.bearer(&app.staff, MANAGERS)?;
    let stored = read(app, reference).await?;
    let visitor = match bearer {
        Bearer::Token(token) => token.owner_of(&stored.token_hash)?,
        Bearer::Staff(staff) => {
            require_concerned(&staff, &stored)?;
            Visitor::Staff(staff)
        }
    };
    Ok((visitor, stored))
}

/// Whoever may take a step, or took it: a manager's repeated request finds an application that is no longer theirs.
pub(super) async fn open_for(
    app: &App,
    credential: &Credential,
    reference: &str,
    step: &Step,
) -> ApiResult<Visitor> {
    let bearer = credential.bearer(&app.staff, MANAGERS)?;
    let stored = read(app, reference).await?;
    match bearer {
        Bearer::Token(token) => token.owner_of(&stored.token_hash),
        Bearer::Staff(staff) => {
            let is_own = |taken: &Taken| {
                let is_here = staff.institution.is_none() || staff.institution == taken.institution;
                taken.kind == step.kind() && taken.by == staff.subject && is_here
            };
            if !stored.steps.iter().any(is_own) {
                require_concerned(&staff, &stored)?;
            }
            Ok(Visitor::Staff(staff))
        }
    }
}

/// A manager whom the application concerns.
pub(super) async fn manager_of_application(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Staff, Record)> {
    let staff = manager(app, credential)?;
    let stored = read(app, reference).await?;
    require_concerned(&staff, &stored)?;
    Ok((staff, stored))
}

/// Lets pass whom an application concerns: while it waits, the homes where it does; while it has an offer or a bed, that
/// home; and always the district of the applicant's household.
pub(super) fn require_concerned(staff: &Staff, record: &Record) -> ApiResult<()> {
    let is_theirs = match &record.standing {
        Standing::Waiting => record.positions.iter().any(|position| manages(staff, position)),
        standing => standing.place().is_some_and(|place| manages_place(staff, record, place)),
    };
    if is_theirs || (staff.institution.is_none() && staff.area.contains(&record.division)) {
        return Ok(());
    }
    Err(ApiError::forbidden(Text::new(
        "该申请不在您的管辖范围内。",
        "This application does not concern you.",
    )))
}

/// Lets pass who may take a step of an application that concerns them: an offer, an admission and a discharge are the
/// home's; a withdrawal from every queue isn't one home's.
pub(super) fn require_step(staff: &Staff, record: &Record, step: &Step) -> ApiResult<()> {
    require_concerned(staff, record)?;
    let is_theirs = match step {
        Step::Offer(offer) => manages_place(staff, record, &offer.place),
        Step::Admit | Step::Discharge => {
            record.standing.place().is_none_or(|place| manages_place(staff, record, place))
        }
        Step::Withdraw => staff.institution.is_none() || record.standing != Standing::Waiting,
        Step::Accept(_) | Step::Decline(_) | Step::Expire => true,
    };
    if is_theirs { Ok(()) } else { Err(other_institution()) }
}

fn manages(staff: &Staff, preference: &Preference) -> bool {
    require_institution(staff, &preference.institution, &preference.division_code).is_ok()
}

fn manages_place(staff: &Staff, record: &Record, place: &Place) -> bool {
    let mut positions = record.positions.iter();
    positions.any(|position| position.institution == place.institution && manages(staff, position))
}

pub(super) async fn read(app: &App, reference: &str) -> ApiResult<Record> {
    store::applications::read(&app.db, reference).await?.ok_or_else(ApiError::not_found)
}
