//! Who calls: a citizen's capability token, or a staff member's JWT with roles and an area.

mod staff_token;
mod visitor;

pub use staff_token::{JwksError, StaffVerifier};
pub use visitor::{Bearer, Visitor};

use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use serde::Deserialize;

use crate::{
    divisions::DivisionCode,
    i18n::Text,
    input::Rejection,
    privacy::{base64url, hash_secret},
    problem::{ApiError, ApiResult},
};

/// What a staff member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 婚姻登记员 · Marriage registration.
    Registrar,
    /// Donation points.
    DonationManager,
    /// Volunteers and opportunities.
    VolunteerManager,
    /// Income checks.
    CaseOfficer,
    /// Care homes and their beds.
    CareManager,
    /// Partners and their keys.
    PartnerManager,
    /// Reads the audit log.
    Auditor,
    /// Sets up offices and whatever else has no role of its own.
    Admin,
    /// A role that another system gave; it opens nothing here.
    #[serde(other)]
    Other,
}

/// A staff member, as their JWT says.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The issuer's name for the person; goes into the audit log.
    pub subject: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// The division they work for: everything under it is theirs.
    pub area: DivisionCode,
    /// The one institution they work for, where they work for one.
    pub institution: Option<String>,
}

impl Staff {
    /// Lets pass whoever has one of the roles.
    ///
    /// # Errors
    /// 403 for everybody else.
    pub fn require(&self, roles: &[Role]) -> ApiResult<()> {
        if self.roles.iter().any(|role| roles.contains(role)) {
            return Ok(());
        }
        Err(ApiError::forbidden(Text::new("您的岗位没有此项权限。", "Your role does not allow this.")))
    }

    /// Lets pass whoever's area holds `division`.
    ///
    /// # Errors
    /// 403 for everybody else.
    pub fn require_area(&self, division: &DivisionCode) -> ApiResult<()> {
        if self.area.contains(division) {
            return Ok(());
        }
        Err(ApiError::forbidden(OUTSIDE_AREA))
    }
}

const OUTSIDE_AREA: Text = Text::new("不在您的管辖区域内。", "This is outside your area.");

/// Why one of many rows is refused: what it is about lies outside the area of who sent it.
#[must_use]
pub fn outside_area() -> Rejection {
    Rejection { code: "outside_area", message: OUTSIDE_AREA }
}

/// The credential in `Authorization: Bearer …`, not yet checked.
#[derive(Clone, Debug)]
pub enum Credential {
    /// None was given.
    None,
    /// A citizen's capability token.
    Capability(CapabilityToken),
    /// Something of a JWT's form.
    Jwt(String),
}

impl Credential {
    fn of(headers: &HeaderMap) -> ApiResult<Self> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(Self::None) };
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(ApiError::unauthenticated)?;
        Ok(if token.contains('.') {
            Self::Jwt(token.to_owned())
        } else {
            Self::Capability(CapabilityToken(token.to_owned()))
        })
    }

    /// The staff member behind the credential.
    ///
    /// # Errors
    /// 401 where there is none.
    pub fn staff(&self, verifier: &StaffVerifier) -> ApiResult<Staff> {
        match self {
            Self::Jwt(token) => verifier.verify(token),
            Self::None | Self::Capability(_) => Err(ApiError::unauthenticated()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Credential {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        Self::of(&parts.headers)
    }
}

/// A secret that is given once, when something is created, and opens just that. Stored only as its hash.
#[derive(Clone)]
pub struct CapabilityToken(String);

impl CapabilityToken {
    /// The token made of 32 secret bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(base64url(bytes))
    }

    /// What the store keeps.
    #[must_use]
    pub fn hash(&self) -> String {
        hash_secret(&self.0)
    }

    /// The token itself, for the one answer that gives it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for CapabilityToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CapabilityToken(…)")
    }
}
