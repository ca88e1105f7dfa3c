//! What a function is told from outside, through Spin variables.

use spin_sdk::variables;

use crate::{
    auth::StaffVerifier,
    privacy::Keys,
    problem::{ApiError, ApiResult},
};

/// One variable's value.
///
/// # Errors
/// 500 where it isn't set; the log names it.
pub async fn variable(name: &'static str) -> ApiResult<String> {
    variables::get(name).await.map_err(|error| ApiError::internal(format!("variable `{name}`: {error}")))
}

/// The verifier of staff tokens, from `staff_jwks`, `staff_issuer` and `staff_audience`.
///
/// # Errors
/// 500 where one is missing or malformed; the log names it.
pub async fn staff_verifier() -> ApiResult<StaffVerifier> {
    let (jwks, issuer, audience) =
        (variable("staff_jwks").await?, variable("staff_issuer").await?, variable("staff_audience").await?);
    StaffVerifier::new(&jwks, issuer, audience).map_err(ApiError::internal)
}

/// The sealing keys, from `seal_keys` and `index_key`.
///
/// # Errors
/// 500 where one is missing or malformed; the log names it.
pub async fn keys() -> ApiResult<Keys> {
    Keys::parse(&variable("seal_keys").await?, &variable("index_key").await?).map_err(ApiError::internal)
}
