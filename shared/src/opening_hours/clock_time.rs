use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::{PartialSchema, ToSchema};

use crate::{calendar, input::Rejection};

/// A minute of the day, 00:00 to 24:00; the last only ends something.
///
/// `HH:MM` in JSON, the number of minutes in a binary format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u16);

impl ClockTime {
    /// 00:00, when a day begins.
    pub const START_OF_DAY: Self = Self(0);
    /// 24:00, when a day ends.
    pub const END_OF_DAY: Self = Self(24 * 60);

    /// So many minutes after midnight, at most 1440.
    #[must_use]
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes <= Self::END_OF_DAY.0 { Some(Self(minutes)) } else { None }
    }

    /// Reads `HH:MM`.
    ///
    /// # Errors
    /// `time` for anything else.
    pub fn parse(text: &str) -> Result<Self, Rejection> {
        Self::from_digits(text).ok_or(Rejection::new(
            "time",
            "应为时间，如 09:00。",
            "This has to be a time such as 09:00.",
        ))
    }

    fn from_digits(text: &str) -> Option<Self> {
        let &[h, i, b':', m, n] = text.as_bytes() else { return None };
        let number = |tens: u8, ones: u8| {
            let both_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
            both_digits.then(|| u16::from(tens - b'0') * 10 + u16::from(ones - b'0'))
        };
        let minute = number(m, n).filter(|minute| *minute < 60)?;
        Self::from_minutes(number(h, i)? * 60 + minute)
    }

    /// Minutes after midnight.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// The minute that clocks in Shanghai show at that instant.
    pub(super) fn showing(local: NaiveTime) -> Self {
        Self(u16::try_from(local.num_seconds_from_midnight() / 60).unwrap_or_default())
    }

    /// The instant at which that day's clocks in Shanghai show this time; 24:00 is midnight of the next day.
    #[must_use]
    pub fn at(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = calendar::at(day, NaiveTime::MIN).to_utc();
        midnight.checked_add_signed(TimeDelta::minutes(self.0.into())).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Answers hold many of them, so they are written without a formatting machinery.
    fn digits(self) -> [u8; 5] {
        let digit = |number: u16| b'0' + u8::try_from(number % 10).unwrap_or_default();
        let (hour, minute) = (self.0 / 60, self.0 % 60);
        [digit(hour / 10), digit(hour), b':', digit(minute / 10), digit(minute)]
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
        } else {
            serializer.serialize_u16(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time = if deserializer.is_human_readable() {
            Self::from_digits(&String::deserialize(deserializer)?)
        } else {
            Self::from_minutes(u16::deserialize(deserializer)?)
        };
        time.ok_or_else(|| D::Error::custom("no time of day"))
    }
}

impl PartialSchema for ClockTime {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A time of day to the minute, `00:00` to `24:00`."))
            .pattern(Some("^[0-2][0-9]:[0-5][0-9]$"))
            .examples([serde_json::json!("09:00")])
            .into()
    }
}

impl ToSchema for ClockTime {}
