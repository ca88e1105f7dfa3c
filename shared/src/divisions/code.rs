//! The code of a division.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Level;

/// A well-formed division code: 6 digits for a city or district (GB/T 2260), 9 for a sub-district, 12 for a
/// committee (the statistical code table). Whether there is such a division, says [`super::exists`].
///
/// In JSON it is a string. Codes sort as their text does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DivisionCode {
    /// ASCII digits, then zero bytes.
    digits: [u8; 12],
    length: u8,
}

/// Why a text is no division code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DivisionCodeError {
    /// Neither 6, 9 nor 12 characters.
    #[error("a division code has 6, 9 or 12 digits")]
    Length,
    /// Something other than the digits 0 to 9.
    #[error("a division code consists of digits")]
    Characters,
    /// Filled up with zeros, such as 310101000: the district's own code is the shorter 310101.
    #[error("a division code isn't filled up with zeros: write the shorter code")]
    Padded,
}

impl DivisionCode {
    /// Reads a code as it stands, without trimming.
    ///
    /// # Errors
    /// [`DivisionCodeError`]: the first that applies.
    pub fn parse(text: &str) -> Result<Self, DivisionCodeError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DivisionCodeError::Characters);
        }
        let length = match text.len() {
            6 => 6,
            9 => 9,
            12 => 12,
            _ => return Err(DivisionCodeError::Length),
        };
        if [6..9, 9..12].into_iter().any(|part| text.get(part) == Some("000")) {
            return Err(DivisionCodeError::Padded);
        }
        let mut digits = [0; 12];
        for (to, from) in digits.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Ok(Self { digits, length })
    }

    /// The code's digits.
    pub fn as_str(&self) -> &str {
        let digits = self.digits.get(..self.length.into()).unwrap_or_default();
        str::from_utf8(digits).unwrap_or_default()
    }

    /// The level that its length tells.
    pub fn level(&self) -> Level {
        match self.length {
            12 => Level::Committee,
            9 => Level::Subdistrict,
            _ if self.as_str().ends_with("00") => Level::Municipality,
            _ => Level::District,
        }
    }

    /// The district that it is or is in; of a city, the city.
    #[must_use]
    pub fn district(&self) -> Self {
        self.at_most(Level::District)
    }

    /// Itself when it stands no lower than `level`, else the division of that level that it is in.
    #[must_use]
    pub fn at_most(&self, level: Level) -> Self {
        let length = match level {
            Level::Municipality | Level::District => 6,
            Level::Subdistrict => 9,
            Level::Committee => 12,
        };
        let mut code = *self;
        code.length = code.length.min(length);
        for digit in code.digits.iter_mut().skip(code.length.into()) {
            *digit = 0;
        }
        if level == Level::Municipality {
            for digit in code.digits.iter_mut().take(6).skip(2) {
                *digit = b'0';
            }
        }
        code
    }

    /// Whether `other` is this division or lies in it: 310101 contains 310101013, and 310000 the whole city.
    pub fn contains(&self, other: &Self) -> bool {
        other.as_str().starts_with(self.stem())
    }

    /// What the codes of everything in it begin with: the digits without the pairs of zeros at the end of a city's.
    #[must_use]
    pub fn stem(&self) -> &str {
        let text = self.as_str();
        match self.length {
            6 if text.ends_with("0000") => text.get(..2).unwrap_or(text),
            6 if text.ends_with("00") => text.get(..4).unwrap_or(text),
            _ => text,
        }
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DivisionCode({self})")
    }
}

impl FromStr for DivisionCode {
    type Err = DivisionCodeError;

    fn from_str(text: &str) -> Result<Self, DivisionCodeError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = DivisionCodeError;

    fn try_from(text: String) -> Result<Self, DivisionCodeError> {
        Self::parse(&text)
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> Self {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    #[test]
    fn lengths_tell_levels() {
        assert_eq!(code("310000").level(), Level::Municipality);
        assert_eq!(code("310101").level(), Level::District);
        assert_eq!(code("310101013").level(), Level::Subdistrict);
        assert_eq!(code("310101013001").level(), Level::Committee);
    }

    #[test]
    fn what_is_no_code_is_refused_by_reason() {
        for text in ["", "31", "3101", "3101010", "310101013001000"] {
            assert_eq!(DivisionCode::parse(text), Err(DivisionCodeError::Length), "{text}");
        }
        for text in ["31010a", " 310101", "３１０１０１", "31-101"] {
            assert_eq!(DivisionCode::parse(text), Err(DivisionCodeError::Characters), "{text}");
        }
        for text in ["310101000", "310101000000", "310101013000"] {
            assert_eq!(DivisionCode::parse(text), Err(DivisionCodeError::Padded), "{text}");
        }
    }

    #[test]
    fn a_shorter_code_contains_everything_under_it() {
        let (city, district, subdistrict) = (code("310000"), code("310101"), code("310101013"));
        assert!(city.contains(&city) && city.contains(&district) && city.contains(&code("310101013001")));
        assert!(district.contains(&subdistrict) && subdistrict.contains(&subdistrict));
        assert!(!subdistrict.contains(&district) && !district.contains(&city));
        assert!(!district.contains(&code("310104003")) && !city.contains(&code("320101")));
        assert!(code("320100").contains(&code("320102")) && !code("320100").contains(&code("320202")));
    }

    #[test]
    fn a_code_knows_what_it_is_in() {
        assert_eq!(code("310101013001").district(), code("310101"));
        assert_eq!(code("310000").district(), code("310000"));
        assert_eq!(code("310101013001").at_most(Level::Subdistrict), code("310101013"));
        assert_eq!(code("310101").at_most(Level::Subdistrict), code("310101"));
        assert_eq!(code("310101013001").at_most(Level::Municipality), code("310000"));
    }

    #[test]
    fn json_has_it_as_a_checked_string() {
        assert_eq!(serde_json::to_string(&code("310101")).unwrap(), r#""310101""#);
        assert_eq!(serde_json::from_str::<DivisionCode>(r#""310101013""#).unwrap(), code("310101013"));
        assert!(serde_json::from_str::<DivisionCode>(r#""3101""#).is_err());
        assert!(serde_json::from_str::<DivisionCode>("310101").is_err());
    }

    proptest! {
        #[test]
        fn a_code_reads_back_and_lies_in_everything_above_it(text in "[1-9][0-9]{5}([1-9][0-9]{2}([1-9][0-9]{2})?)?") {
            let code = code(&text);
            prop_assert_eq!(code.as_str(), text.as_str());
            for level in [Level::Municipality, Level::District, Level::Subdistrict, Level::Committee] {
                prop_assert!(code.at_most(level).contains(&code));
                prop_assert_eq!(DivisionCode::parse(code.at_most(level).as_str()), Ok(code.at_most(level)));
            }
        }

        #[test]
        fn codes_sort_as_their_text(left in "[0-9]{6}([1-9]{3})?", right in "[0-9]{6}([1-9]{3})?") {
            prop_assert_eq!(code(&left).cmp(&code(&right)), left.cmp(&right));
        }
    }
}
