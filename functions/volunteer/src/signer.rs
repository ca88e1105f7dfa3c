//! The signature on certificates: Ed25519 in a JSON Web Signature (RFC 7515, RFC 8037), which whoever has the public key can
//! check without this service.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jwt_compact::{AlgorithmExt as _, Claims, Header, alg::Ed25519, jwk::JsonWebKey};
use serde::Serialize;
use sha2::Sha256;
use shared::privacy::base64url;

use crate::wire::{Certified, PublicKey, PublicKeys};

/// Where the public keys are published (RFC 8615). The portal, which has the root of the site, leads on to
/// `/api/v1/volunteer/certificate-keys`.
pub const WELL_KNOWN: &str = "/.well-known/volunteer-certificate-keys.json";
/// Who signs.
const ISSUER: &str = "minzheng/volunteer";

type SigningKey = <Ed25519 as jwt_compact::Algorithm>::SigningKey;

/// What was given as keys can't be used. Never says the key.
#[derive(Debug, thiserror::Error)]
#[error("variable `certificate_keys`: {0}")]
pub struct KeyError(&'static str);

/// The keys that sign certificates.
pub struct Signer {
    /// Never empty.
    newest: SigningKey,
    public: PublicKeys,
}

/// What is signed: the registered claims, and what the certificate says.
#[derive(Serialize)]
struct Statement<'a> {
    iss: &'static str,
    sub: &'a str,
    jti: &'a str,
    certificate: &'a Certified,
}

impl Signer {
    /// Keys as the variable carries them: base64url of the 32 bytes of a seed each, with commas between them. The first signs,
    /// and the public keys of all are published, so that older certificates can still be checked after a rotation.
    ///
    /// # Errors
    /// One is malformed, or there is none.
    pub fn parse(keys: &str) -> Result<Self, KeyError> {
        let entries = keys.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let signing = entries.map(|entry| {
            let seed = URL_SAFE_NO_PAD.decode(entry).map_err(|_| KeyError("a key is no base64url"))?;
            let seed: [u8; 32] = seed.try_into().map_err(|_| KeyError("a key is not 32 bytes long"))?;
            Ok(SigningKey::from_bytes(&seed))
        });
        let signing = signing.collect::<Result<Vec<_>, KeyError>>()?;
        let public = PublicKeys { keys: signing.iter().map(public_key).collect() };
        let newest = signing.into_iter().next().ok_or(KeyError("no key"))?;
        Ok(Self { newest, public })
    }

    /// The public keys, the newest first.
    #[must_use]
    pub fn public(&self) -> &PublicKeys {
        &self.public
    }

    /// Signs what a certificate says.
    ///
    /// # Errors
    /// None in practice: everything in it has a JSON form.
    pub fn sign(
        &self,
        code: &str,
        certified: &Certified,
        issued_at: DateTime<Utc>,
    ) -> Result<String, jwt_compact::CreationError> {
        let key_id = self.public.keys.first().map(|key| key.kid.clone()).unwrap_or_default();
        let header = Header::empty().with_token_type("JWT").with_key_id(key_id);
        let sub = certified.volunteer_no.as_str();
        let mut claims = Claims::new(Statement { iss: ISSUER, sub, jti: code, certificate: certified });
        claims.issued_at = Some(issued_at);
        Ed25519.token(&header, &claims, &self.newest)
    }
}

fn public_key(key: &SigningKey) -> PublicKey {
    let public = key.verifying_key();
    PublicKey {
        kty: "OKP",
        crv: "Ed25519",
        alg: "EdDSA",
        usage: "sig",
        kid: base64url(&JsonWebKey::from(&public).thumbprint::<Sha256>()),
        x: base64url(public.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use jwt_compact::UntrustedToken;
    use serde_json::Value;

    use super::*;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const NEW: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA";

    fn certified() -> Certified {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        Certified {
            number: "2026-00000001".into(),
            name: Some("样例甲".into()),
            volunteer_no: "V0".into(),
            from: day,
            to: day,
            total_minutes: 60,
            services: Vec::new(),
            issued_on: day,
            sample: true,
        }
    }

    fn opens(jws: &str, key: &PublicKey) -> Option<Value> {
        let jwk = serde_json::json!({"kty": key.kty, "crv": key.crv, "x": key.x});
        let jwk: JsonWebKey<'_> = serde_json::from_value(jwk).unwrap();
        let verifying = (&jwk).try_into().unwrap();
        let token = UntrustedToken::new(jws).unwrap();
        assert_eq!(token.header().key_id.as_deref(), Some(key.kid.as_str()));
        let token = Ed25519.validator::<Value>(&verifying).validate(&token).ok()?;
        Some(token.claims().custom.clone())
    }

    #[test]
    fn whoever_has_the_public_key_reads_what_was_signed_and_a_changed_word_is_noticed() {
        let signer = Signer::parse(OLD).unwrap();
        let jws = signer.sign("K1", &certified(), DateTime::UNIX_EPOCH).unwrap();
        let claims = opens(&jws, &signer.public().keys[0]).unwrap();
        assert_eq!(claims["jti"], "K1");
        assert_eq!(claims["certificate"]["name"], "样例甲");
        let (head, rest) = jws.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let mut changed = certified();
        changed.total_minutes = 6_000;
        let other = signer.sign("K1", &changed, DateTime::UNIX_EPOCH).unwrap();
        let body = other.split('.').nth(1).unwrap();
        assert!(opens(&format!("{head}.{body}.{signature}"), &signer.public().keys[0]).is_none());
    }

    #[test]
    fn after_a_rotation_the_old_key_is_still_published() {
        let old = Signer::parse(OLD).unwrap();
        let jws = old.sign("K1", &certified(), DateTime::UNIX_EPOCH).unwrap();
        let both = Signer::parse(&format!("{NEW}, {OLD}")).unwrap();
        assert_eq!(both.public().keys.len(), 2);
        assert!(opens(&jws, &both.public().keys[1]).is_some());
        let new = both.sign("K1", &certified(), DateTime::UNIX_EPOCH).unwrap();
        assert!(opens(&new, &both.public().keys[0]).is_some());
    }

    #[test]
    fn malformed_keys_are_refused_without_being_shown() {
        for keys in ["", ",", "short", "!!"] {
            let message = Signer::parse(keys).err().unwrap().to_string();
            assert!(message.contains("certificate_keys") && !message.contains("short"), "{message}");
        }
    }
}
