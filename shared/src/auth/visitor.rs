//! Who may open a thing that has a token: whoever holds it, and staff of its area.

use super::{CapabilityToken, Credential, Role, Staff, StaffVerifier};
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

/// Somebody whose credential was checked, once, before anything is looked up: who is nobody learns nothing of what exists.
pub enum Bearer {
    /// Whoever holds a token, of whatever thing.
    Token(CapabilityToken),
    /// A staff member with a role that is asked for.
    Staff(Staff),
}

impl Credential {
    /// The staff member behind the credential, who has one of the roles.
    ///
    /// # Errors
    /// 401 where there is none; 403 for another role.
    pub fn staff_with(&self, verifier: &StaffVerifier, roles: &[Role]) -> ApiResult<Staff> {
        let staff = self.staff(verifier)?;
        staff.require(roles)?;
        Ok(staff)
    }

    /// Whoever comes with a token, or is staff with one of the roles.
    ///
    /// # Errors
    /// 401 without a credential or with a forged one; 403 for staff of another role.
    pub fn bearer(&self, verifier: &StaffVerifier, roles: &[Role]) -> ApiResult<Bearer> {
        match self {
            Self::None => Err(ApiError::unauthenticated()),
            Self::Jwt(_) => self.staff_with(verifier, roles).map(Bearer::Staff),
            Self::Capability(token) => Ok(Bearer::Token(token.clone())),
        }
    }
}

impl Bearer {
    /// The visitor of a thing with this token hash in this division.
    ///
    /// # Errors
    /// 404 for another token, 403 for another area.
    pub fn open(self, (token_hash, division): (&str, &DivisionCode)) -> ApiResult<Visitor> {
        match self {
            Self::Token(token) => token.owner_of(token_hash),
            Self::Staff(staff) => {
                staff.require_area(division)?;
                Ok(Visitor::Staff(staff))
            }
        }
    }
}

impl CapabilityToken {
    /// The owner of the thing with this token hash.
    ///
    /// # Errors
    /// 404 for another token: whoever guesses references must not learn which exist.
    pub fn owner_of(&self, token_hash: &str) -> ApiResult<Visitor> {
        if self.hash() == token_hash { Ok(Visitor::Owner) } else { Err(ApiError::not_found()) }
    }
}
