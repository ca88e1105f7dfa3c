//! What a new thing is called and opened with.

use crate::{auth::CapabilityToken, idempotency::Seed, privacy::Keys};

/// Crockford's base 32: no I, L, O or U, so that a reference survives the telephone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The public name of a thing: a letter for its kind and 60 of the given bits, `M7K3F9QXA2BCD`.
#[must_use]
pub fn reference(kind: char, bytes: &[u8; 32]) -> String {
    format!("{kind}{}", readable(bytes, 12))
}

/// As many characters that survive the telephone as wanted, twelve at most: five of the given bits each.
#[must_use]
pub fn readable(bytes: &[u8; 32], length: usize) -> String {
    let bits = bytes.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..length.min(12))
        .filter_map(|n| {
            let index = usize::try_from(bits >> (n * 5) & 31).ok()?;
            ALPHABET.get(index).map(|byte| char::from(*byte))
        })
        .collect()
}

/// A new thing's reference and token; the same again for a repeated request.
pub struct Names {
    /// Its public name.
    pub reference: String,
    /// What opens it.
    pub token: CapabilityToken,
}

impl Names {
    /// The names that come of a seed; `kind` is the reference's first letter.
    #[must_use]
    pub fn new(keys: &Keys, seed: &Seed, kind: char) -> Self {
        Self {
            reference: reference(kind, &seed.derive(keys, "reference")),
            token: CapabilityToken::from_bytes(&seed.derive(keys, "token")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_thirteen_readable_characters() {
        let made = reference('M', &[0xff; 32]);
        assert_eq!(made, "MZZZZZZZZZZZZ");
        assert_ne!(reference('M', &[1; 32]), reference('M', &[2; 32]));
    }
}
