//! When somebody is free: mornings, afternoons and evenings of the week.

use chrono::{NaiveTime, Timelike as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use shared::{instant::Instant, opening_hours::Weekday};

use super::{Coded, Set};

/// The part of a day of the week in which somebody is free: `saturday_morning`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeTime(u8);

impl Coded for FreeTime {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("monday_morning", Self(0)),
        ("monday_afternoon", Self(1)),
        ("monday_evening", Self(2)),
        ("tuesday_morning", Self(3)),
        ("tuesday_afternoon", Self(4)),
        ("tuesday_evening", Self(5)),
        ("wednesday_morning", Self(6)),
        ("wednesday_afternoon", Self(7)),
        ("wednesday_evening", Self(8)),
        ("thursday_morning", Self(9)),
        ("thursday_afternoon", Self(10)),
        ("thursday_evening", Self(11)),
        ("friday_morning", Self(12)),
        ("friday_afternoon", Self(13)),
        ("friday_evening", Self(14)),
        ("saturday_morning", Self(15)),
        ("saturday_afternoon", Self(16)),
        ("saturday_evening", Self(17)),
        ("sunday_morning", Self(18)),
        ("sunday_afternoon", Self(19)),
        ("sunday_evening", Self(20)),
    ];
}

impl Serialize for FreeTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for FreeTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = Self::WORDS.iter().find(|(known, _)| *known == word);
        known.map(|(_, time)| *time).ok_or_else(|| D::Error::custom("no such part of a day"))
    }
}

/// The hours at which morning, afternoon and evening begin and the evening ends, by the dated rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts(pub [u32; 4]);

impl Parts {
    /// The parts of the week that a stretch of time touches; what lies before the morning or behind the evening is in none,
    /// and then nobody is free for it.
    #[must_use]
    pub fn of(self, starts_at: i64, ends_at: i64) -> Option<Set<FreeTime>> {
        let (from, to) = (Instant::at(starts_at).to_shanghai(), Instant::at(ends_at - 1).to_shanghai());
        if from.date_naive() != to.date_naive() {
            return None;
        }
        let (first, last) = (self.part(from.time())?, self.part(to.time())?);
        let day = Weekday::of(from.date_naive()) as usize * 3;
        let times = FreeTime::WORDS.get(day + first..=day + last)?;
        Some(Set::new(&times.iter().map(|(_, time)| *time).collect::<Vec<_>>()))
    }

    fn part(self, time: NaiveTime) -> Option<usize> {
        (0..3).find(|part| {
            let hours = self.0.get(*part).zip(self.0.get(part + 1));
            hours.is_some_and(|(from, to)| (*from..*to).contains(&time.hour()))
        })
    }

    /// Whether somebody who is free then has time for the whole stretch.
    #[must_use]
    pub fn fit(self, free: Set<FreeTime>, starts_at: i64, ends_at: i64) -> bool {
        self.of(starts_at, ends_at).is_some_and(|needed| needed.without(free).is_empty())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const PARTS: Parts = Parts([6, 12, 18, 24]);

    fn words(from: &str, to: &str) -> Option<Vec<String>> {
        let at = |text: &str| DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().timestamp();
        PARTS.of(at(from), at(to)).map(Set::words)
    }

    #[test]
    fn a_shift_touches_the_parts_of_its_day_and_its_end_is_not_in_the_next() {
        // A Saturday.
        assert_eq!(words("2026-11-28T09:00", "2026-11-28T12:00").unwrap(), ["saturday_morning"]);
        assert_eq!(
            words("2026-11-28T11:00", "2026-11-28T18:30").unwrap(),
            ["saturday_morning", "saturday_afternoon", "saturday_evening"]
        );
        assert_eq!(words("2026-11-29T18:00", "2026-11-30T00:00").unwrap(), ["sunday_evening"]);
        assert_eq!(words("2026-11-29T22:00", "2026-11-30T01:00"), None, "over midnight");
        assert_eq!(words("2026-11-29T05:00", "2026-11-29T07:00"), None, "before the morning");
    }

    #[test]
    fn every_part_must_be_free() {
        let at = |hour: i64| 1_795_827_600 + hour * 3600;
        // 1795827600 is 2026-11-28T09:00+08:00.
        let morning = Set::new(&[FreeTime(15)]);
        assert!(PARTS.fit(morning, at(0), at(3)));
        assert!(!PARTS.fit(morning, at(0), at(4)));
    }

    #[test]
    fn it_is_its_word_in_json() {
        for (word, time) in FreeTime::WORDS {
            assert_eq!(serde_json::to_value(time).unwrap(), *word);
            assert_eq!(serde_json::from_value::<FreeTime>((*word).into()).unwrap(), *time);
        }
        assert_eq!(FreeTime::WORDS.len(), 21);
        assert!(serde_json::from_value::<FreeTime>("monday".into()).is_err());
    }
}
