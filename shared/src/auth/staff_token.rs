//! Staff tokens: JWTs (RFC 7519) signed with EdDSA, ES256 or RS256, checked against a JSON Web Key Set.

use chrono::TimeDelta;
use jwt_compact::{
    Algorithm, AlgorithmExt as _, TimeOptions, UntrustedToken,
    alg::{Ed25519, Es256, Rsa, StrongKey},
    jwk::JsonWebKey,
};
use serde::Deserialize;
use serde_json::Value;

use super::{Role, Staff};
use crate::{
    divisions::DivisionCode,
    problem::{ApiError, ApiResult},
};

/// How far the clocks of issuer and verifier may differ, in seconds.
const LEEWAY_S: i64 = 30;

/// What the bureau's issuer says of a staff member, beside the times.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    sub: String,
    roles: Vec<Role>,
    area: DivisionCode,
    institution: Option<String>,
}

/// RFC 7519, 4.1.3: one audience or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn has(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

enum Key {
    Ed25519(<Ed25519 as Algorithm>::VerifyingKey),
    Es256(<Es256 as Algorithm>::VerifyingKey),
    Rs256(Box<<Rsa as Algorithm>::VerifyingKey>),
}

impl Key {
    fn of(jwk: &JsonWebKey<'_>) -> Option<Self> {
        match jwk {
            JsonWebKey::KeyPair { .. } => jwk.try_into().ok().map(Self::Ed25519),
            JsonWebKey::EllipticCurve { .. } => jwk.try_into().ok().map(Self::Es256),
            JsonWebKey::Rsa { .. } => {
                // Moduli of less than 2,048 bits are refused.
                let key: <Rsa as Algorithm>::VerifyingKey = jwk.try_into().ok()?;
                let key = StrongKey::try_from(key).ok()?.into_inner();
                Some(Self::Rs256(Box::new(key)))
            }
            _ => None,
        }
    }

    fn claims(&self, token: &UntrustedToken<'_>) -> Option<jwt_compact::Claims<Claims>> {
        let verified = match self {
            Self::Ed25519(key) => Ed25519.validator(key).validate(token),
            Self::Es256(key) => Es256.validator(key).validate(token),
            Self::Rs256(key) => Rsa::rs256().validator(key.as_ref()).validate(token),
        };
        verified.ok().map(|token| token.into_parts().1)
    }
}

/// Checks staff tokens.
pub struct StaffVerifier {
    keys: Vec<(Option<String>, Key)>,
    issuer: String,
    audience: String,
}

/// The variable `staff_jwks` is no JSON Web Key Set.
#[derive(Debug, thiserror::Error)]
#[error("variable `staff_jwks` is no JSON Web Key Set")]
pub struct JwksError;

impl StaffVerifier {
    /// A verifier for tokens of `issuer` for `audience`; an empty `jwks` admits nobody.
    ///
    /// # Errors
    /// `jwks` is neither empty nor a JSON Web Key Set (RFC 7517). A key of a kind that isn't taken is left out.
    pub fn new(jwks: &str, issuer: String, audience: String) -> Result<Self, JwksError> {
        #[derive(Default, Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = match jwks.trim() {
            "" => Set::default(),
            text => serde_json::from_str(text).map_err(|_| JwksError)?,
        };
        let keys = set
            .keys
            .iter()
            .filter_map(|value| {
                let id = value.get("kid").and_then(Value::as_str).map(str::to_owned);
                Some((id, Key::of(&JsonWebKey::deserialize(value).ok()?)?))
            })
            .collect();
        Ok(Self { keys, issuer, audience })
    }

    /// The staff member whom a token names.
    ///
    /// # Errors
    /// 401 where signature, issuer, audience or times don't hold.
    pub fn verify(&self, token: &str) -> ApiResult<Staff> {
        self.try_verify(token).ok_or_else(ApiError::unauthenticated)
    }

    fn try_verify(&self, token: &str) -> Option<Staff> {
        let token = UntrustedToken::new(token).ok()?;
        let id = token.header().key_id.as_deref();
        // The validators refuse a token whose `alg` isn't that of the key.
        let claims = self
            .keys
            .iter()
            .filter(|(known, _)| id.is_none() || known.as_deref() == id)
            .find_map(|(_, key)| key.claims(&token))?;
        let times = TimeOptions::from_leeway(TimeDelta::seconds(LEEWAY_S));
        claims.validate_expiration(&times).ok()?;
        if claims.not_before.is_some() {
            claims.validate_maturity(&times).ok()?;
        }
        let Claims { iss, aud, sub, roles, area, institution } = claims.custom;
        (iss == self.issuer && aud.has(&self.audience)).then_some(Staff {
            subject: sub,
            roles,
            area,
            institution,
        })
    }
}

#[cfg(test)]
mod tests {
    use jwt_compact::{Header, alg::SigningKey, jwk::JsonWebKey};
    use serde_json::json;

    use super::*;

    fn key(seed: u8) -> SigningKeyOf {
        SigningKeyOf::from_bytes(&[seed; 32])
    }

    type SigningKeyOf = <Ed25519 as Algorithm>::SigningKey;

    fn verifier(key: &SigningKeyOf) -> StaffVerifier {
        let public = SigningKey::<Ed25519>::to_verifying_key(key);
        let mut jwk = serde_json::to_value(JsonWebKey::from(&public)).unwrap();
        jwk["kid"] = json!("a");
        StaffVerifier::new(&json!({"keys": [jwk]}).to_string(), "issuer".into(), "minzheng".into()).unwrap()
    }

    fn token(key: &SigningKeyOf, change: impl Fn(&mut Value)) -> String {
        let now = chrono::Utc::now().timestamp();
        let mut claims = json!({
            "iss": "issuer", "aud": "minzheng", "sub": "r1", "name": "样例", "roles": ["registrar", "dancer"],
            "area": "310101", "exp": now + 600, "nbf": now - 5,
        });
        change(&mut claims);
        let claims: jwt_compact::Claims<Value> = serde_json::from_value(claims).unwrap();
        Ed25519.token(&Header::empty().with_key_id("a"), &claims, key).unwrap()
    }

    #[test]
    fn a_good_token_names_the_staff_member() {
        let staff = verifier(&key(1)).verify(&token(&key(1), |_| {})).unwrap();
        assert_eq!((staff.subject.as_str(), staff.area.as_str()), ("r1", "310101"));
        assert_eq!(staff.roles, [Role::Registrar, Role::Other]);
    }

    #[test]
    fn tokens_that_do_not_hold_are_refused() {
        let now = chrono::Utc::now().timestamp();
        let refused =
            |change: &dyn Fn(&mut Value)| verifier(&key(1)).verify(&token(&key(1), change)).is_err();
        assert!(refused(&|c| c["exp"] = json!(now - 60)), "expired");
        assert!(refused(&|c| c["nbf"] = json!(now + 60)), "not yet valid");
        assert!(refused(&|c| c["iss"] = json!("other")), "another issuer");
        assert!(refused(&|c| c["aud"] = json!(["other"])), "another audience");
        assert!(refused(&|c| c["area"] = json!("x")), "no area");
        assert!(
            refused(&|c| {
                c.as_object_mut().unwrap().remove("exp");
            }),
            "no expiry"
        );
        assert!(!refused(&|c| c["aud"] = json!(["other", "minzheng"])), "one audience of several");
        assert!(verifier(&key(1)).verify(&token(&key(2), |_| {})).is_err(), "another key");
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyMSJ9.";
        assert!(verifier(&key(1)).verify(unsigned).is_err(), "no signature");
    }

    #[test]
    fn an_empty_key_set_admits_nobody_and_nonsense_is_an_error() {
        let nobody = StaffVerifier::new("", "issuer".into(), "minzheng".into()).unwrap();
        assert!(nobody.verify(&token(&key(1), |_| {})).is_err());
        assert!(StaffVerifier::new("nonsense", String::new(), String::new()).is_err());
    }
}
