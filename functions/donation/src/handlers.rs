//! What each route does: parse, decide, store, respond.

pub(crate) mod custody;
pub(crate) mod exchange;
pub(crate) mod pledges;
pub(crate) mod points;
pub(crate) mod reports;
pub(crate) mod search;
pub(crate) mod stats;
pub(crate) mod upkeep;

mod gifts;

use shared::{
    auth::{Credential, Role, Staff},
    paging::page,
    problem::{ApiError, ApiResult},
};

use crate::{app::App, store};

/// Whoever may work on points and pledges.
const MANAGERS: &[Role] = &[Role::DonationManager, Role::Admin];
/// How often a refused statement is tried again when what stood in its way is gone by the time it is looked at.
const ATTEMPTS: usize = 3;
/// What readers of public data may keep, and for how long.
const PUBLIC: &str = "public, max-age=60";

/// A manager, before anything is looked up: who is nobody learns nothing of what exists.
fn manager(app: &App, credential: &Credential) -> ApiResult<Staff> {
    credential.staff_with(&app.staff, MANAGERS)
}

/// A manager, and the point in their area.
async fn manager_of(
    app: &App,
    credential: &Credential,
    point: &str,
) -> ApiResult<(Staff, store::points::Stored)> {
    let staff = manager(app, credential)?;
    let stored = store::points::read(&app.db, point).await?.ok_or_else(ApiError::not_found)?;
    staff.require_area(&stored.head.division_code)?;
    Ok((staff, stored))
}
