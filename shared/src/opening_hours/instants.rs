//! Whether a place is open at an instant, until when, and from when on.

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::{ClockTime, OpeningHours};
use crate::calendar::{WorkingCalendar, to_shanghai};

/// How far ahead the end of the hours is looked for, in days.
const CLOSES_WITHIN: u64 = 8;

/// How far ahead the next hours are looked for, in days: longer than any run of holidays.
const OPENS_WITHIN: u64 = 30;

impl OpeningHours {
    /// Whether the place is open: from the minute at which it opens to just before the one at which it closes.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>, calendar: &WorkingCalendar) -> bool {
        let local = to_shanghai(at);
        let time = ClockTime::showing(local.time());
        self.on(local.date_naive(), calendar).iter().any(|hours| hours.contains(time))
    }

    /// When the place, open now, closes: the end of the stretch without a gap, over midnight too. `None` where it is
    /// closed now or doesn't close within eight days.
    #[must_use]
    pub fn closes_at(&self, at: DateTime<Utc>, calendar: &WorkingCalendar) -> Option<DateTime<Utc>> {
        let local = to_shanghai(at);
        let (today, now) = (local.date_naive(), ClockTime::showing(local.time()));
        let mut closes = None;
        for ahead in 0..=CLOSES_WITHIN {
            let day = today.checked_add_days(Days::new(ahead))?;
            let begin = if ahead == 0 { now } else { ClockTime::START_OF_DAY };
            let end = self.open_until(day, begin, calendar);
            if end > begin {
                closes = Some(end.at(day));
            }
            if end < ClockTime::END_OF_DAY {
                break;
            }
        }
        closes.filter(|closes| *closes <= later(at, CLOSES_WITHIN))
    }

    /// When the place, closed now, opens next. `None` where it is open now or stays closed for thirty days.
    #[must_use]
    pub fn opens_at(&self, at: DateTime<Utc>, calendar: &WorkingCalendar) -> Option<DateTime<Utc>> {
        if self.is_open(at, calendar) {
            return None;
        }
        let local = to_shanghai(at);
        let (today, now) = (local.date_naive(), ClockTime::showing(local.time()));
        let opens = (0..=OPENS_WITHIN).find_map(|ahead| {
            let day = today.checked_add_days(Days::new(ahead))?;
            let starts = self.on(day, calendar).iter().map(|hours| hours.opens());
            Some(starts.filter(|start| ahead > 0 || *start > now).min()?.at(day))
        });
        opens.filter(|opens| *opens <= later(at, OPENS_WITHIN))
    }

    /// The first minute of the day, from `begin` on, at which the place is closed.
    fn open_until(&self, day: chrono::NaiveDate, begin: ClockTime, calendar: &WorkingCalendar) -> ClockTime {
        let hours = self.on(day, calendar);
        let mut end = begin;
        // Hours that touch count as one stretch; they may stand as two.
        while let Some(stretch) = hours.iter().find(|stretch| stretch.contains(end)) {
            end = stretch.closes();
        }
        end
    }
}

fn later(at: DateTime<Utc>, days: u64) -> DateTime<Utc> {
    let days = TimeDelta::days(i64::try_from(days).unwrap_or_default());
    at.checked_add_signed(days).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
