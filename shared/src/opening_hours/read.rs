//! Opening hours from a JSON body.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use chrono::NaiveDate;

use super::{
    ClockTime, Hours, MOST_EXCEPTIONS, OpeningHours, Weekday,
    form::{DatedHours, MAKE_UP_WORDS},
};
use crate::input::{Object, Rejection, choice, day, parsed};

const NO_HOURS: Rejection =
    Rejection::new("hours", "应至少给出一天的开放时间。", "The hours of at least one day have to be given.");

impl Hours {
    fn read(o: &Object<'_>) -> Option<Self> {
        let opens = o.required("opens", parsed(start));
        let closes = o.required("closes", parsed(ClockTime::parse));
        Self::new(opens?, closes?).map_err(|rejection| o.reject("closes", rejection)).ok()
    }

    /// A day's hours, in ascending order, from the list in a field; the outer `None` is a fault, the inner one an
    /// absent field.
    pub fn read_list(
        o: &Object<'_>,
        name: &'static str,
        count: RangeInclusive<usize>,
    ) -> Option<Option<Vec<Self>>> {
        let Some(hours) = o.optional_objects(name, count, Self::read)? else { return Some(None) };
        Self::sorted(o, name, hours).map(Some)
    }

    fn sorted(o: &Object<'_>, name: &'static str, hours: Vec<Self>) -> Option<Vec<Self>> {
        Self::in_order(hours).map_err(|rejection| o.reject(name, rejection)).ok()
    }
}

fn start(text: &str) -> Result<ClockTime, Rejection> {
    ClockTime::parse(text).and_then(|time| {
        if time < ClockTime::END_OF_DAY {
            return Ok(time);
        }
        Err(Rejection::new("time", "24:00 只能作为结束时间。", "24:00 can only end something."))
    })
}

/// The fields of a `weekly` object: the hours of each day of the week, of at most six stretches.
pub fn read_weekly(o: &Object<'_>) -> Option<BTreeMap<Weekday, Vec<Hours>>> {
    let days: Vec<_> = Weekday::WORDS
        .iter()
        .map(|(name, weekday)| Some((*weekday, Hours::read_list(o, name, Hours::count())?)))
        .collect();
    let days: Vec<_> = days.into_iter().collect::<Option<_>>()?;
    Some(days.into_iter().filter_map(|(weekday, hours)| Some((weekday, hours?))).collect())
}

impl OpeningHours {
    /// Reads the object, whose fields are `weekly`, `on_holidays`, `make_up_days_as` and `exceptions`: each may be
    /// absent, but the hours of some day must be given (`hours`).
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let weekly = o.optional_object("weekly", read_weekly);
        let on_holidays = Hours::read_list(o, "on_holidays", Hours::count());
        let make_up = o.optional("make_up_days_as", choice(MAKE_UP_WORDS));
        let dates = RefCell::default();
        let exceptions =
            o.optional_objects("exceptions", 0..=MOST_EXCEPTIONS, |dated| DatedHours::read(dated, &dates));
        let exceptions = exceptions?.unwrap_or_default().into_iter();
        let mut weekly = weekly?.unwrap_or_default();
        // One spelling for a closed day, so that equal hours are equal values.
        weekly.retain(|_, hours| !hours.is_empty());
        let read = Self {
            weekly,
            on_holidays: on_holidays?.unwrap_or_default(),
            make_up_days_as: make_up?.unwrap_or(Some(Weekday::Monday)),
            exceptions: exceptions.map(|dated| (dated.date, dated.hours)).collect(),
        };
        if read.says_nothing() {
            o.reject("weekly", NO_HOURS);
            return None;
        }
        Some(read)
    }
}

impl DatedHours {
    fn read(o: &Object<'_>, dates: &RefCell<BTreeSet<NaiveDate>>) -> Option<Self> {
        let date = o.required("date", day);
        // Required: a list that was forgotten must not close the place.
        let hours = o.required_objects("hours", Hours::count(), Hours::read);
        let hours = hours.and_then(|hours| Hours::sorted(o, "hours", hours));
        let date = date?;
        if !dates.borrow_mut().insert(date) {
            o.reject("date", Rejection::new("repeated", "日期重复。", "This day stands twice."));
            return None;
        }
        Some(Self { date, hours: hours? })
    }
}
