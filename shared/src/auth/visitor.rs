//! Who may open a thing that has a token: whoever holds it, and staff of its area.

use super::{Credential, Role, Staff, StaffVerifier};
use crate::{
    divisions::DivisionCode,
    problem::{ApiError, ApiResult},
};

/// Somebody who may open a thing.
pub enum Visitor {
    /// Whoever holds its token.
    Owner,
    /// A staff member of its area, with a role that allows it.
    Staff(Staff),
}

impl Visitor {
    /// How the audit log names them.
    #[must_use]
    pub fn actor(&self) -> &str {
        match self {
            Self::Owner => "citizen",
            Self::Staff(staff) => &staff.subject,
        }
    }
}

impl Credential {
    /// Refuses who has no credential, or a forged one, or none of the staff roles, before anything is looked up: they learn
    /// nothing of what exists.
    ///
    /// # Errors
    /// 401; 403 for staff of another role.
    pub fn require_some(&self, verifier: &StaffVerifier, roles: &[Role]) -> ApiResult<()> {
        match self {
            Self::None => Err(ApiError::unauthenticated()),
            Self::Jwt(_) => self.staff(verifier)?.require(roles),
            Self::Capability(_) => Ok(()),
        }
    }

    /// The staff member behind the credential, who has one of the roles and whose area holds `division`.
    ///
    /// # Errors
    /// 401 where there is none, 403 for another role or area.
    pub fn staff_of(
        &self,
        verifier: &StaffVerifier,
        roles: &[Role],
        division: &DivisionCode,
    ) -> ApiResult<Staff> {
        let staff = self.staff(verifier)?;
        staff.require(roles)?;
        staff.require_area(division)?;
        Ok(staff)
    }

    /// The visitor of a thing with this token hash in this division.
    ///
    /// # Errors
    /// 401 without a credential, 404 for another token, 403 for another role or area.
    pub fn visitor(
        &self,
        verifier: &StaffVerifier,
        roles: &[Role],
        (token_hash, division): (&str, &DivisionCode),
    ) -> ApiResult<Visitor> {
        match self {
            Self::None => Err(ApiError::unauthenticated()),
            Self::Capability(token) if token.hash() == token_hash => Ok(Visitor::Owner),
            // Whoever guesses references must not learn which exist.
            Self::Capability(_) => Err(ApiError::not_found()),
            Self::Jwt(_) => self.staff_of(verifier, roles, division).map(Visitor::Staff),
        }
    }
}
