//! Resident identity numbers (GB 11643-1999), the age that they tell, and masks for what identifies a person.

mod mask;
mod read;

use std::fmt;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};

pub use mask::{mask_id_number, mask_name, mask_phone};

/// Digits and check character.
const LENGTH: usize = 18;

/// The first two digits of a region (GB/T 2260): the provinces, then 81 to 83 for the residence permits of residents
/// of Hong Kong, Macao and Taiwan, which are numbered by the same standard.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "83",
];

/// What a weighted sum modulo 11 has as its check character (ISO 7064, MOD 11-2).
const CHECK_CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// A resident identity number with a valid region, birth date and check character.
///
/// `Debug` and `Display` show it masked, and it can't be serialised: only [`Self::expose`] gives the number away.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId {
    /// 17 digits, and a digit or `X`.
    number: String,
    birth_date: NaiveDate,
}

/// What is wrong with an identity number. No message repeats the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResidentIdError {
    /// Not 18 characters.
    #[error("a resident identity number has 18 characters")]
    Length,
    /// Something other than 17 digits and then a digit or X.
    #[error("a resident identity number has 17 digits and then a digit or X")]
    Characters,
    /// The first two digits are no province.
    #[error("the number doesn't begin with a region")]
    Region,
    /// Digits 7 to 14 are no day since 1900, or one that is still to come.
    #[error("the number contains no possible date of birth")]
    BirthDate,
    /// The last character doesn't fit the others: a digit is wrong, or two changed places.
    #[error("the number's check character is wrong")]
    Checksum,
}

/// The sex that an identity number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(utoipa::ToSchema)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl ResidentId {
    /// Reads a number as it stands, without trimming; a final `x` becomes `X`.
    ///
    /// A birth date in the future passes, because this has no clock: see [`Self::check_born_by`].
    ///
    /// # Errors
    /// The first of [`Self::faults`].
    pub fn parse(text: &str) -> Result<Self, ResidentIdError> {
        if let Some(fault) = Self::faults(text).into_iter().next() {
            return Err(fault);
        }
        let birth_date = birth_date_in(text).ok_or(ResidentIdError::BirthDate)?;
        Ok(Self { number: text.to_ascii_uppercase(), birth_date })
    }

    /// Everything that is wrong with `text`, none when it parses. A wrong length or character hides the rest.
    pub fn faults(text: &str) -> Vec<ResidentIdError> {
        if text.chars().count() != LENGTH {
            return vec![ResidentIdError::Length];
        }
        let mut characters = text.chars();
        let last = characters.next_back().map(|character| character.to_ascii_uppercase());
        if !characters.all(|character| character.is_ascii_digit())
            || !last.is_some_and(|last| last.is_ascii_digit() || last == 'X')
        {
            return vec![ResidentIdError::Characters];
        }
        let mut faults = Vec::new();
        if !text.get(..2).is_some_and(|province| PROVINCES.contains(&province)) {
            faults.push(ResidentIdError::Region);
        }
        if birth_date_in(text).is_none() {
            faults.push(ResidentIdError::BirthDate);
        }
        if check_character(text) != last {
            faults.push(ResidentIdError::Checksum);
        }
        faults
    }

    /// Makes the number of the `sequence`th (0 to 999, odd for a man) person born that day in that region (6
    /// digits): for sample data and tests.
    ///
    /// # Errors
    /// [`ResidentIdError`] when the parts can't make a number.
    pub fn compose(region: &str, birth: NaiveDate, sequence: u16) -> Result<Self, ResidentIdError> {
        let body = format!("{region}{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month(), birth.day());
        let check = check_character(&body).ok_or(ResidentIdError::Characters)?;
        Self::parse(&format!("{body}{check}"))
    }

    /// The guard that [`Self::parse`] can't be: that the person is born by `today`.
    ///
    /// # Errors
    /// [`ResidentIdError::BirthDate`] when the birth date is after `today`.
    pub fn check_born_by(&self, today: NaiveDate) -> Result<(), ResidentIdError> {
        if self.birth_date <= today { Ok(()) } else { Err(ResidentIdError::BirthDate) }
    }

    /// The date of birth: digits 7 to 14.
    pub const fn birth_date(&self) -> NaiveDate {
        self.birth_date
    }

    /// The sex: the 17th digit is odd for a man.
    pub fn sex(&self) -> Sex {
        match self.number.as_bytes().get(LENGTH - 2) {
            Some(digit) if digit % 2 == 1 => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// The six digits of the division in which it was first registered; that one may not exist any more.
    pub fn region(&self) -> &str {
        self.number.get(..6).unwrap_or_default()
    }

    /// The number for an answer: `310101********1234`.
    pub fn masked(&self) -> String {
        let last = self.number.get(LENGTH - 4..).unwrap_or_default();
        format!("{}********{last}", self.region())
    }

    /// The number itself: to seal it or to index it blindly, never to answer or log it.
    pub fn expose(&self) -> &str {
        &self.number
    }
}

impl fmt::Display for ResidentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.masked())
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ResidentId({self})")
    }
}

/// The age in full years (周岁) on `day`, 0 before birth. It is reached on the birthday itself, as marriage registrars
/// count it (Civil Code art. 1047: 22 for a man, 20 for a woman); criminal law counts from the day after.
///
/// Who was born on February 29 has the birthday on March 1 in a common year: the later of the two readings of Civil
/// Code art. 202, so that no one is taken to be old enough a day early.
pub fn age_on(birth: NaiveDate, day: NaiveDate) -> u32 {
    day.years_since(birth).unwrap_or(0)
}

/// The check character of the first 17 digits; `None` when they aren't that.
fn check_character(text: &str) -> Option<char> {
    let digits: Vec<u32> =
        text.chars().take(LENGTH - 1).map_while(|character| character.to_digit(10)).collect();
    if digits.len() != LENGTH - 1 {
        return None;
    }
    // Weights 2^17, 2^16, …, 2 modulo 11: doubling at each step gives them.
    let sum = digits.into_iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    CHECK_CHARACTERS.get(usize::try_from(sum).ok()?).copied()
}

fn birth_date_in(text: &str) -> Option<NaiveDate> {
    let number = |range: Range<usize>| text.get(range)?.parse::<u32>().ok();
    let (year, month, day) = (number(6..10)?, number(10..12)?, number(12..14)?);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|date| date.year() >= 1900)
}

#[cfg(test)]
mod tests;
