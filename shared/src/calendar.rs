//! Shanghai time, and the days on which offices work.
//!
//! Instants are kept in UTC; a day is always a day in Shanghai.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};

/// Eight hours, in seconds.
const OFFSET_SECONDS: i32 = 8 * 60 * 60;

/// Unwrapped by the compiler, not at run time.
const SHANGHAI: FixedOffset = FixedOffset::east_opt(OFFSET_SECONDS).unwrap();

/// Days off and make-up working days by notice of the State Council's General Office, 2009 to 2026:
/// `date,kind(off|work),name_zh,name_en`, ascending.
const HOLIDAYS: &str = include_str!("../data/holidays.csv");

/// Time in Shanghai: `+08:00`, without daylight saving time since 1991-09-15.
pub const fn shanghai() -> FixedOffset {
    SHANGHAI
}

/// The instant as clocks in Shanghai show it. The last eight hours of chrono's range, in the year 262142, are cut
/// off rather than overflow.
pub fn to_shanghai(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    let latest = DateTime::<Utc>::MAX_UTC - TimeDelta::seconds(OFFSET_SECONDS.into());
    instant.min(latest).with_timezone(&SHANGHAI)
}

/// The day in Shanghai at that instant.
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    to_shanghai(instant).date_naive()
}

/// The number of a day: days since 1970-01-01, as tables keep them.
pub fn day_number(day: NaiveDate) -> i64 {
    (day - NaiveDate::default()).num_days()
}

/// The instant at which clocks in Shanghai show this day and time. The first eight hours of chrono's range, in the
/// year -262143, are moved to its beginning rather than overflow.
pub fn at(day: NaiveDate, time: NaiveTime) -> DateTime<FixedOffset> {
    let utc = day.and_time(time).checked_sub_offset(SHANGHAI).unwrap_or(NaiveDateTime::MIN);
    DateTime::from_naive_utc_and_offset(utc, SHANGHAI)
}

/// What a day is to an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, nothing announced.
    Working,
    /// Saturday or Sunday, nothing announced.
    Weekend,
    /// A day off around a statutory holiday, on whatever day of the week.
    Holiday {
        /// The holiday's Chinese name.
        name_zh: &'static str,
        /// The holiday's English name.
        name_en: &'static str,
    },
    /// A day of a weekend that is worked in exchange for a day off.
    MakeUp {
        /// The holiday that it makes up for, in Chinese.
        name_zh: &'static str,
        /// The holiday that it makes up for, in English.
        name_en: &'static str,
    },
}

impl DayKind {
    /// Whether offices work by the calendar; their own timetable may say otherwise.
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp { .. })
    }
}

/// The announced days off and make-up days, and weekends for the rest.
#[derive(Debug)]
pub struct WorkingCalendar {
    /// What was announced, by ascending day.
    announced: Vec<(NaiveDate, DayKind)>,
}

impl WorkingCalendar {
    /// The calendar that this build carries; parsed on the first call.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<WorkingCalendar> = LazyLock::new(|| WorkingCalendar::parse(HOLIDAYS));
        &EMBEDDED
    }

    /// A line that can't be read is left out; a test makes sure that the embedded file has none but its heading.
    fn parse(csv: &'static str) -> Self {
        let mut announced: Vec<_> = csv.lines().filter_map(row).collect();
        announced.sort_unstable_by_key(|(day, _)| *day);
        Self { announced }
    }

    /// What the day is. In a year that isn't announced, only weekends are known: see [`Self::is_announced`].
    pub fn kind(&self, day: NaiveDate) -> DayKind {
        let found = self.announced.binary_search_by_key(&day, |(announced, _)| *announced).ok();
        match found.and_then(|at| self.announced.get(at)) {
            Some((_, kind)) => *kind,
            None if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) => DayKind::Weekend,
            None => DayKind::Working,
        }
    }

    /// Whether the days off of this year are known. The notice for a year comes out late in the year before; it can
    /// also move the last days of December before it.
    pub fn is_announced(&self, year: i32) -> bool {
        let first = self.announced.partition_point(|(day, _)| day.year() < year);
        self.announced.get(first).is_some_and(|(day, _)| day.year() == year)
    }

    /// The years for which days off are known, ascending.
    pub fn announced_years(&self) -> Vec<i32> {
        let mut years: Vec<_> = self.announced.iter().map(|(day, _)| day.year()).collect();
        years.dedup();
        years
    }
}

fn row(line: &'static str) -> Option<(NaiveDate, DayKind)> {
    let mut fields = line.split(',');
    let day = fields.next()?.parse().ok()?;
    let kind = fields.next()?;
    let (name_zh, name_en) = (fields.next()?, fields.next()?);
    match kind {
        "off" => Some((day, DayKind::Holiday { name_zh, name_en })),
        "work" => Some((day, DayKind::MakeUp { name_zh, name_en })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn kind(text: &str) -> DayKind {
        WorkingCalendar::embedded().kind(day(text))
    }

    #[test]
    fn every_line_of_the_embedded_file_is_read_once() {
        let announced = &WorkingCalendar::embedded().announced;
        assert_eq!(announced.len(), HOLIDAYS.lines().count() - 1);
        assert!(announced.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn make_up_days_are_on_weekends() {
        for (day, kind) in &WorkingCalendar::embedded().announced {
            if matches!(kind, DayKind::MakeUp { .. }) {
                assert!(matches!(day.weekday(), Weekday::Sat | Weekday::Sun), "{day}");
            }
        }
    }

    #[test]
    fn a_holiday_is_off_on_a_weekday_and_on_a_weekend() {
        let spring_festival = DayKind::Holiday { name_zh: "春节", name_en: "Spring Festival" };
        assert_eq!(kind("2026-02-19"), spring_festival);
        assert_eq!(kind("2026-02-21"), spring_festival, "a Saturday");
        assert!(!spring_festival.is_working());
    }

    #[test]
    fn a_make_up_saturday_is_worked() {
        let make_up = kind("2026-02-28");
        assert_eq!(make_up, DayKind::MakeUp { name_zh: "春节", name_en: "Spring Festival" });
        assert!(make_up.is_working());
    }

    #[test]
    fn ordinary_days_follow_the_week() {
        assert_eq!(kind("2026-03-02"), DayKind::Working);
        assert_eq!(kind("2026-03-07"), DayKind::Weekend);
        assert!(kind("2026-03-02").is_working() && !kind("2026-03-07").is_working());
    }

    #[test]
    fn a_year_without_a_notice_knows_only_weekends_and_says_so() {
        let calendar = WorkingCalendar::embedded();
        assert_eq!(kind("2027-10-01"), DayKind::Working);
        assert_eq!(kind("2027-10-02"), DayKind::Weekend);
        assert!(!calendar.is_announced(2027) && !calendar.is_announced(2008));
        assert!(calendar.is_announced(2009) && calendar.is_announced(2026));
        assert_eq!(calendar.announced_years(), (2009..=2026).collect::<Vec<_>>());
    }

    #[test]
    fn the_day_changes_at_sixteen_hours_utc() {
        assert_eq!(day_of("2026-03-01T15:59:59Z".parse().unwrap()), day("2026-03-01"));
        assert_eq!(day_of("2026-03-01T16:00:00Z".parse().unwrap()), day("2026-03-02"));
    }

    #[test]
    fn a_local_time_becomes_an_instant_with_its_offset() {
        let nine = at(day("2026-03-02"), NaiveTime::from_hms_opt(9, 0, 0).unwrap());
        assert_eq!(nine.to_rfc3339(), "2026-03-02T09:00:00+08:00");
        assert_eq!(to_shanghai("2026-03-02T01:00:00Z".parse().unwrap()), nine);
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        assert_eq!(day_of(DateTime::<Utc>::MAX_UTC).year(), 262_142);
        assert_eq!(to_shanghai(DateTime::<Utc>::MIN_UTC).to_utc(), DateTime::<Utc>::MIN_UTC);
        assert!(at(NaiveDate::MIN, NaiveTime::MIN) < at(NaiveDate::MAX, NaiveTime::MIN));
        assert!(to_shanghai(DateTime::<Utc>::MAX_UTC).to_rfc3339().ends_with("+08:00"));
    }

    proptest! {
        #[test]
        fn an_instant_survives_the_way_to_shanghai_and_back(seconds in -8_000_000_000_i64..8_000_000_000) {
            let instant = DateTime::from_timestamp(seconds, 0).unwrap();
            let local = to_shanghai(instant);
            prop_assert_eq!(local.to_utc(), instant);
            prop_assert_eq!(at(day_of(instant), local.time()), local);
        }
    }
}
