//! Sealing of personal data: nothing that names a person reaches a store in the clear.
//!
//! # Design
//! A sealed value is `version ‖ key-id length ‖ key id ‖ nonce ‖ ciphertext` under XChaCha20-Poly1305, whose 192-bit
//! nonce may be random for as many values as a city makes. The associated data binds it to its table, column and row,
//! so that a value copied to another place doesn't open. Lookups go through [`Keys::blind_index`], HMAC-SHA-256 under a key of
//! its own.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Random bytes from the host's generator.
///
/// # Design
/// WASI's random source has no failure to report; a host without one can't start a component.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Base64url without padding (RFC 4648, 5).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// SHA-256 of a credential, as it is kept in a store. Only for secrets with 128 random bits or more.
#[must_use]
pub fn hash_secret(secret: &str) -> String {
    base64url(&Sha256::digest(secret.as_bytes()))
}

/// Where a sealed value lives.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its table.
    pub table: &'static str,
    /// Its column.
    pub column: &'static str,
    /// The row's key.
    pub row: &'a str,
}

impl Place<'_> {
    fn associated_data(&self) -> Vec<u8> {
        [self.table, self.column, self.row].join("\u{1f}").into_bytes()
    }
}

/// What was given as keys can't be used. Says which part, never the key.
#[derive(Debug, thiserror::Error)]
#[error("variable `{variable}`: {reason}")]
pub struct KeyError {
    variable: &'static str,
    reason: &'static str,
}

/// A sealed value doesn't open: another key, another place, or changed bytes.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value in {table}.{column} does not open")]
pub struct Unsealable {
    table: &'static str,
    column: &'static str,
}

/// The keys of one function.
pub struct Keys {
    ciphers: Vec<(String, XChaCha20Poly1305)>,
    index: Hmac<Sha256>,
}

impl Keys {
    /// Keys as the variables carry them: `seal_keys` is `id:base64url(32 bytes)`, comma-separated, of which the first
    /// seals and all open; `index_key` is `base64url(32 bytes)`.
    ///
    /// # Errors
    /// Names the variable that is malformed.
    pub fn parse(seal_keys: &str, index_key: &str) -> Result<Self, KeyError> {
        let bad = |reason| KeyError { variable: "seal_keys", reason };
        let mut ciphers = Vec::new();
        for entry in seal_keys.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (id, key) = entry.split_once(':').ok_or(bad("an entry is no `id:key`"))?;
            if id.is_empty() || id.len() > 32 {
                return Err(bad("an id is empty or longer than 32 bytes"));
            }
            let key = URL_SAFE_NO_PAD.decode(key).map_err(|_| bad("a key is no base64url"))?;
            let cipher =
                XChaCha20Poly1305::new_from_slice(&key).map_err(|_| bad("a key is not 32 bytes long"))?;
            ciphers.push((id.to_owned(), cipher));
        }
        if ciphers.is_empty() {
            return Err(bad("no key"));
        }
        let bad = |reason| KeyError { variable: "index_key", reason };
        let index = URL_SAFE_NO_PAD.decode(index_key).map_err(|_| bad("no base64url"))?;
        if index.len() != 32 {
            return Err(bad("not 32 bytes long"));
        }
        let index = <Hmac<Sha256> as hmac::Mac>::new_from_slice(&index).map_err(|_| bad("unusable"))?;
        Ok(Self { ciphers, index })
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    /// Only for values that no memory could hold.
    pub fn seal(&self, place: Place<'_>, value: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let failed = || Unsealable { table: place.table, column: place.column };
        let (id, cipher) = self.ciphers.first().ok_or_else(failed)?;
        let nonce = random::<NONCE>();
        let aad = place.associated_data();
        let sealed = cipher
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: value, aad: &aad })
            .map_err(|_| failed())?;
        let mut out = Vec::with_capacity(2 + id.len() + NONCE + sealed.len());
        out.extend([VERSION, u8::try_from(id.len()).map_err(|_| failed())?]);
        out.extend(id.as_bytes());
        out.extend(nonce);
        out.extend(sealed);
        Ok(out)
    }

    /// Opens a value sealed for this place under any of the keys.
    ///
    /// # Errors
    /// The value was sealed elsewhere, under an unknown key, or changed.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        self.try_open(place, sealed).ok_or(Unsealable { table: place.table, column: place.column })
    }

    fn try_open(&self, place: Place<'_>, sealed: &[u8]) -> Option<Vec<u8>> {
        let (&[version, length], rest) = sealed.split_first_chunk::<2>()?;
        let (id, rest) = rest.split_at_checked(usize::from(length))?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>()?;
        let (_, cipher) = self.ciphers.iter().find(|(known, _)| known.as_bytes() == id)?;
        let aad = place.associated_data();
        (version == VERSION)
            .then(|| cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: ciphertext, aad: &aad }).ok())?
    }

    /// A keyed hash for equality lookup, of one kind of value: equal values of one kind give equal hashes.
    #[must_use]
    pub fn blind_index(&self, kind: &'static str, value: &str) -> String {
        base64url(&self.derive(kind, value.as_bytes()))
    }

    /// 32 bytes that only the holder of the index key can make again.
    #[must_use]
    pub fn derive(&self, label: &'static str, value: &[u8]) -> [u8; 32] {
        let mut mac = self.index.clone();
        mac.update(label.as_bytes());
        mac.update(&[0x1f]);
        mac.update(value);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const B: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA";

    fn place(row: &str) -> Place<'_> {
        Place { table: "t", column: "c", row }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place_only(value: Vec<u8>, flip in 0_usize..64) {
            let keys = Keys::parse(&format!("k1:{A}"), A).unwrap();
            let mut sealed = keys.seal(place("1"), &value).unwrap();
            prop_assert_eq!(keys.open(place("1"), &sealed).unwrap(), value);
            prop_assert!(keys.open(place("2"), &sealed).is_err());
            let index = flip % sealed.len();
            sealed[index] ^= 1;
            prop_assert!(keys.open(place("1"), &sealed).is_err());
        }

        #[test]
        fn no_bytes_make_opening_panic(bytes: Vec<u8>) {
            let keys = Keys::parse(&format!("k1:{A}"), A).unwrap();
            prop_assert!(keys.open(place("1"), &bytes).is_err());
        }
    }

    #[test]
    fn after_a_rotation_old_values_open_and_new_ones_use_the_new_key() {
        let old = Keys::parse(&format!("k1:{A}"), A).unwrap();
        let new = Keys::parse(&format!("k2:{B},k1:{A}"), A).unwrap();
        let sealed = old.seal(place("1"), b"x").unwrap();
        assert_eq!(new.open(place("1"), &sealed).unwrap(), b"x");
        assert!(old.open(place("1"), &new.seal(place("1"), b"x").unwrap()).is_err());
    }

    #[test]
    fn blind_indexes_differ_by_kind_and_key() {
        let a = Keys::parse(&format!("k1:{A}"), A).unwrap();
        let b = Keys::parse(&format!("k1:{A}"), B).unwrap();
        assert_eq!(a.blind_index("person", "1"), a.blind_index("person", "1"));
        assert_ne!(a.blind_index("person", "1"), a.blind_index("phone", "1"));
        assert_ne!(a.blind_index("person", "1"), b.blind_index("person", "1"));
    }

    #[test]
    fn malformed_keys_are_named_without_being_shown() {
        for (seal, index) in [("", A), ("k1", A), ("k1:short", A), ("k1:!!", A), (":AA", A)] {
            let message = Keys::parse(seal, index).err().unwrap().to_string();
            assert!(message.contains("seal_keys") && !message.contains("short"), "{message}");
        }
        assert!(Keys::parse(&format!("k1:{A}"), "AA").err().unwrap().to_string().contains("index_key"));
    }
}
