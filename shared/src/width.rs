//! Full-width and half-width forms of ASCII, as Chinese input methods mix them.

/// A full-width form of ASCII, or the ideographic space, as ASCII; any other character as it is.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// The text as it is compared: half width, and letters made small.
#[must_use]
pub fn narrow(text: &str) -> String {
    text.chars().map(half_width).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::narrow;

    #[test]
    fn text_is_compared_without_case_and_width() {
        assert_eq!(narrow("ＡＢc　１院"), "abc 1院");
    }
}
