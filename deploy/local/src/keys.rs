//! The keys of this machine: what a bureau's identity provider and vault hold in production.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_compact::{KeyPair, Seed};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The local keys, made once and kept beside the data.
pub(crate) struct Keys {
    signing: KeyPair,
    seal: String,
    index: String,
    certificate: String,
}

/// How the keys are kept: 32 random bytes each, in base64url.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    staff_seed: String,
    seal_key: String,
    index_key: String,
}

impl Keys {
    /// The variables that these keys are values of.
    pub(crate) const VARIABLES: [&'static str; 4] =
        ["staff_jwks", "seal_keys", "index_key", "certificate_keys"];

    /// The keys in `state`, made now if there are none; of several processes that start at once, all get the same.
    pub(crate) fn open(state: &Path) -> anyhow::Result<Self> {
        let path = state.join("keys.json");
        if !path.exists() {
            let file = File { staff_seed: random()?, seal_key: random()?, index_key: random()? };
            crate::files::write_private(&path, serde_json::to_string_pretty(&file)?.as_bytes(), false)?;
        }
        Self::read(&path)
    }

    fn read(path: &PathBuf) -> anyhow::Result<Self> {
        let damaged = || {
            format!(
                "the key file {} can't be used; restore it, or remove the whole state folder to start anew \
                 (sealed data can't be read without its key)",
                path.display()
            )
        };
        let text = std::fs::read_to_string(path).with_context(damaged)?;
        let file: File = serde_json::from_str(&text).with_context(damaged)?;
        let seed = URL_SAFE_NO_PAD.decode(&file.staff_seed).with_context(damaged)?;
        let seed = Seed::from_slice(&seed).ok().with_context(damaged)?;
        Ok(Self {
            signing: KeyPair::from_seed(seed),
            seal: file.seal_key,
            index: file.index_key,
            certificate: derived("certificate-key", &*seed),
        })
    }

    /// `(variable, value)` of everything that the application needs.
    pub(crate) fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("staff_jwks", self.jwks()),
            ("seal_keys", format!("k1:{}", self.seal)),
            ("index_key", self.index.clone()),
            ("certificate_keys", self.certificate.clone()),
        ]
    }

    /// The public key as a JSON Web Key Set (RFC 7517, RFC 8037).
    fn jwks(&self) -> String {
        let key = serde_json::json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": self.public(),
            "kid": self.id(),
            "alg": "EdDSA",
            "use": "sig",
        });
        serde_json::json!({ "keys": [key] }).to_string()
    }

    fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(*self.signing.pk)
    }

    /// The key's id: its thumbprint (RFC 7638, RFC 8037).
    fn id(&self) -> String {
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.public());
        URL_SAFE_NO_PAD.encode(Sha256::digest(members))
    }

    /// Signs claims as a JSON Web Token.
    pub(crate) fn sign(&self, claims: &serde_json::Value) -> String {
        let header = serde_json::json!({ "alg": "EdDSA", "typ": "JWT", "kid": self.id() });
        let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.signing.sk.sign(&message, None);
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(*signature))
    }
}

/// Another key, which only the holder of the first can make: so a key file that is there already serves on.
fn derived(label: &str, key: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(label).chain_update(key).finalize())
}

fn random() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("no randomness to make keys from: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_are_their_owners_alone() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join("new");
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let folder = folder.clone();
                std::thread::spawn(move || Keys::open(&folder).unwrap().variables())
            })
            .collect();
        let made: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(made.iter().all(|keys| *keys == made[0]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&folder), 0o700);
            assert_eq!(mode(&folder.join("keys.json")), 0o600);
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn a_token_verifies_against_the_published_key() {
        let state = tempfile::tempdir().unwrap();
        let keys = Keys::open(state.path()).unwrap();
        let token = keys.sign(&serde_json::json!({ "sub": "a" }));
        let jwks: serde_json::Value = serde_json::from_str(&keys.jwks()).unwrap();
        let x = URL_SAFE_NO_PAD.decode(jwks["keys"][0]["x"].as_str().unwrap()).unwrap();
        let public = ed25519_compact::PublicKey::from_slice(&x).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let signature =
            ed25519_compact::Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        public.verify(message, &signature).unwrap();
        let header = URL_SAFE_NO_PAD.decode(message.split('.').next().unwrap()).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["alg"], "EdDSA");
        assert_eq!(header["kid"], jwks["keys"][0]["kid"]);
    }

    #[test]
    fn a_damaged_key_file_is_told_and_kept() {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join("keys.json");
        std::fs::write(&file, "{}").unwrap();
        let Err(error) = Keys::open(state.path()) else { panic!("opened") };
        assert!(format!("{error:#}").contains("keys.json can't be used"), "{error:#}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{}");
    }
}
