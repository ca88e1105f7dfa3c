//! The code that is shown on site: another one every half-minute, so that whoever has one was there then.

use shared::{names::readable, privacy::Keys};

/// How long a code is shown, in seconds.
pub const SHOWN_S: i64 = 30;
/// Forty bits: nobody guesses one of a handful that hold.
const CHARACTERS: usize = 8;

/// The code of a shift at an instant.
#[must_use]
pub fn code_at(keys: &Keys, shift: &str, at: i64) -> String {
    code_of(keys, shift, at.div_euclid(SHOWN_S))
}

fn code_of(keys: &Keys, shift: &str, step: i64) -> String {
    let bytes = keys.derive("shift-code", format!("{shift}/{step}").as_bytes());
    readable(&bytes, CHARACTERS)
}

/// Whether it is the code of the shift at that instant, give or take so many half-minutes. Read by people, so that case,
/// spaces and hyphens don't count, nor what looks like 0 or 1.
#[must_use]
pub fn is_code_at(keys: &Keys, shift: &str, (code, at): (&str, i64), tolerance: u32) -> bool {
    let read: String = code
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .map(|character| match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let (now, tolerance) = (at.div_euclid(SHOWN_S), i64::from(tolerance));
    (now - tolerance..=now + tolerance).any(|step| code_of(keys, shift, step) == read)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn keys() -> Keys {
        Keys::parse(&format!("k1:{KEY}"), KEY).unwrap()
    }

    proptest! {
        #[test]
        fn a_code_holds_for_its_half_minute_and_those_beside_it(at in 0_i64..4_000_000_000, off in -20_i64..20) {
            let keys = keys();
            let code = code_at(&keys, "H1", at);
            let then = at + off * SHOWN_S;
            prop_assert_eq!(is_code_at(&keys, "H1", (&code, then), 2), off.abs() <= 2);
            prop_assert!(!is_code_at(&keys, "H2", (&code, at), 2), "another shift's");
        }

        #[test]
        fn no_text_makes_reading_panic(text: String, at: i64) {
            let at = at.clamp(-1 << 50, 1 << 50);
            prop_assert!(!is_code_at(&keys(), "H1", (&text, at), 1) || text.len() >= CHARACTERS);
        }
    }

    #[test]
    fn people_may_type_it_as_they_read_it() {
        let keys = keys();
        let code = code_at(&keys, "H1", 0);
        let (first, last) = code.split_at(4);
        assert!(is_code_at(&keys, "H1", (&format!(" {}-{}", first.to_lowercase(), last), 29), 0));
        assert!(!is_code_at(&keys, "H1", ("", 0), 2));
    }
}
