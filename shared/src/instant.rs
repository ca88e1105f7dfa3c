//! Instants in answers: Shanghai time, written without a formatting machinery, because an answer may hold hundreds.

use chrono::{DateTime, Datelike as _, FixedOffset};
use serde::{Serialize, Serializer};
use utoipa::{PartialSchema, ToSchema};

use crate::calendar;

/// An instant, Unix seconds; in JSON RFC 3339 with `+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(i64);

impl Instant {
    /// The instant so many seconds after the Unix epoch.
    #[must_use]
    pub fn at(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The instant as clocks in Shanghai show it.
    #[must_use]
    pub fn to_shanghai(self) -> DateTime<FixedOffset> {
        calendar::to_shanghai(DateTime::from_timestamp(self.0, 0).unwrap_or_default())
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let local = self.to_shanghai();
        let Ok(year @ 0..=9999) = u32::try_from(local.year()) else {
            return serializer.serialize_str(&local.to_rfc3339());
        };
        let seconds = u32::try_from((self.0 + 8 * 3600).rem_euclid(86_400)).unwrap_or_default();
        let mut text = *b"0000-00-00T00:00:00+08:00";
        let fields = [
            (0, year / 100),
            (2, year % 100),
            (5, local.month()),
            (8, local.day()),
            (11, seconds / 3600),
            (14, seconds / 60 % 60),
            (17, seconds % 60),
        ];
        for (place, number) in fields {
            if let Some([tens, ones]) =
                text.get_mut(place..place + 2).and_then(|pair| pair.first_chunk_mut::<2>())
            {
                *tens += u8::try_from(number / 10 % 10).unwrap_or_default();
                *ones += u8::try_from(number % 10).unwrap_or_default();
            }
        }
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl PartialSchema for Instant {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Instant {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_reads_as_chrono_writes_it(seconds in -62_167_219_200_i64..253_402_214_400) {
            let instant = Instant::at(seconds);
            let text = serde_json::to_value(instant).unwrap();
            prop_assert_eq!(text.as_str().unwrap(), instant.to_shanghai().to_rfc3339());
        }
    }
}
