//! How the fields that JSON can't carry as they are get written: as lists and words there, as they are in binary.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Hours, Weekday};

/// What `make_up_days_as` may say. `null` means the same as an absent field to whoever reads input, so being closed
/// has a word of its own.
pub(super) const MAKE_UP_WORDS: &[(&str, Option<Weekday>)] = &[
    ("monday", Some(Weekday::Monday)),
    ("tuesday", Some(Weekday::Tuesday)),
    ("wednesday", Some(Weekday::Wednesday)),
    ("thursday", Some(Weekday::Thursday)),
    ("friday", Some(Weekday::Friday)),
    ("saturday", Some(Weekday::Saturday)),
    ("sunday", Some(Weekday::Sunday)),
    ("closed", None),
];

/// 特殊日期 · The hours of one day that differs from the week.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedHours {
    /// The day.
    pub date: NaiveDate,
    /// Its hours; none: closed.
    pub hours: Vec<Hours>,
}

#[derive(Serialize)]
struct DatedHoursRef<'a> {
    date: NaiveDate,
    hours: &'a [Hours],
}

pub(super) mod make_up {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    use super::{MAKE_UP_WORDS, Weekday};

    pub(in super::super) fn serialize<S: Serializer>(
        value: &Option<Weekday>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return value.serialize(serializer);
        }
        let word =
            MAKE_UP_WORDS.iter().find(|(_, meaning)| meaning == value).map_or("closed", |(word, _)| word);
        serializer.serialize_str(word)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Weekday>, D::Error> {
        if !deserializer.is_human_readable() {
            return Option::deserialize(deserializer);
        }
        let found = String::deserialize(deserializer)?;
        let meaning = MAKE_UP_WORDS.iter().find(|(word, _)| *word == found).map(|(_, meaning)| *meaning);
        meaning.ok_or_else(|| D::Error::custom("no day of the week"))
    }
}

pub(super) mod exceptions {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{DatedHours, DatedHoursRef, Hours};

    type Exceptions = BTreeMap<NaiveDate, Vec<Hours>>;

    pub(in super::super) fn serialize<S: Serializer>(
        value: &Exceptions,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return value.serialize(serializer);
        }
        serializer.collect_seq(value.iter().map(|(date, hours)| DatedHoursRef { date: *date, hours }))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Exceptions, D::Error> {
        if !deserializer.is_human_readable() {
            return Exceptions::deserialize(deserializer);
        }
        let listed = Vec::<DatedHours>::deserialize(deserializer)?;
        Ok(listed.into_iter().map(|DatedHours { date, hours }| (date, hours)).collect())
    }
}
