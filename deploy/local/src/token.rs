//! Development tokens for staff.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::keys::Keys;

/// Who a token is for and what it allows.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Claims {
    /// Roles, separated by commas: registrar, donation_manager, volunteer_manager, case_officer, care_manager,
    /// partner_manager, auditor, admin
    #[arg(long, value_name = "ROLE", required = true, value_delimiter = ',')]
    pub(crate) role: Vec<String>,
    /// The division that the person is responsible for, such as 310101 (Huangpu) or 310000 (the whole city)
    #[arg(long, value_name = "CODE", value_parser = division)]
    pub(crate) area: String,
    /// The institution that the person works for
    #[arg(long, value_name = "ID")]
    pub(crate) institution: Option<String>,
    /// The person's name
    #[arg(long, default_value = "本地开发人员")]
    pub(crate) name: String,
    /// The person's id; made from the roles and the area unless given
    #[arg(long, value_name = "ID")]
    pub(crate) subject: Option<String>,
    /// How long the token holds
    #[arg(long, value_name = "HOURS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub(crate) hours: u32,
}

/// The issuer and the audience that the manifest's defaults expect.
const ISSUER: &str = "minzheng-local";
const AUDIENCE: &str = "minzheng";

/// Division codes of GB/T 2260: two digits or more, in the steps of the hierarchy.
fn division(text: &str) -> Result<String, String> {
    let good = matches!(text.len(), 2 | 4 | 6 | 9 | 12) && text.bytes().all(|byte| byte.is_ascii_digit());
    if good { Ok(text.to_owned()) } else { Err("a division code has 6, 9 or 12 digits".to_owned()) }
}

/// A signed token.
pub(crate) fn issue(keys: &Keys, claims: &Claims) -> anyhow::Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let subject =
        claims.subject.clone().unwrap_or_else(|| format!("local:{}:{}", claims.role.join("+"), claims.area));
    let mut body = serde_json::json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "name": claims.name,
        "roles": claims.role,
        "area": claims.area,
        "iat": now,
        // Clocks of two machines differ a little.
        "nbf": now - 5,
        "exp": now + u64::from(claims.hours) * 3600,
    });
    if let (Some(institution), Some(members)) = (&claims.institution, body.as_object_mut()) {
        members.insert("institution".to_owned(), institution.clone().into());
    }
    Ok(keys.sign(&body))
}
