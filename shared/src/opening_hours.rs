//! When a place is open: hours of the week, of statutory holidays, of make-up working days and of single days.
//!
//! # Design
//! A day's hours are looked up, never expanded: a search asks thousands of places in one request, so
//! [`OpeningHours::on`] returns a slice and the questions about instants walk over days only as far as they must.
//! Nothing reaches past midnight: a night is written as `22:00-24:00` and `00:00-06:00` of the next day, and
//! [`OpeningHours::closes_at`] joins the two.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::calendar::{DayKind, WorkingCalendar};

mod clock_time;
mod form;
mod hours;
mod instants;
mod read;
#[cfg(test)]
mod tests;
mod text;
mod weekday;

pub use clock_time::ClockTime;
pub use form::DatedHours;
pub use hours::Hours;
pub use read::read_weekly;
pub use weekday::Weekday;

/// How many stretches of hours a day may have.
pub const MOST_STRETCHES: usize = 6;

/// How many days may differ from the week.
pub const MOST_EXCEPTIONS: usize = 60;

/// 开放时间 · When a place is open. Each list is in ascending order, without overlap; an empty list: closed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// Hours by day of the week; a day that is missing is closed.
    #[serde(default)]
    weekly: BTreeMap<Weekday, Vec<Hours>>,
    /// Hours on a day off around a statutory holiday, whatever its day of the week.
    #[serde(default)]
    on_holidays: Vec<Hours>,
    /// 调休上班日 · The day of the week whose hours a make-up working day has, or `closed`; Monday by default.
    #[serde(with = "form::make_up", default = "monday")]
    #[schema(
        value_type = String,
        example = "monday",
        pattern = "^(monday|tuesday|wednesday|thursday|friday|saturday|sunday|closed)$"
    )]
    make_up_days_as: Option<Weekday>,
    /// Days that differ from all of that, each once, at most 60.
    #[serde(with = "form::exceptions", default)]
    #[schema(value_type = Vec<DatedHours>, max_items = 60)]
    exceptions: BTreeMap<NaiveDate, Vec<Hours>>,
}

#[expect(clippy::unnecessary_wraps, reason = "serde wants the field's type")]
fn monday() -> Option<Weekday> {
    Some(Weekday::Monday)
}

impl OpeningHours {
    /// Closed on every day; the parsers start from it.
    fn closed() -> Self {
        Self {
            weekly: BTreeMap::new(),
            on_holidays: Vec::new(),
            make_up_days_as: monday(),
            exceptions: BTreeMap::new(),
        }
    }

    /// Hours by day of the week; a day that is missing is closed.
    #[must_use]
    pub fn weekly(&self) -> &BTreeMap<Weekday, Vec<Hours>> {
        &self.weekly
    }

    /// Hours on statutory holidays.
    #[must_use]
    pub fn on_holidays(&self) -> &[Hours] {
        &self.on_holidays
    }

    /// The day of the week whose hours a make-up working day has; `None`: closed on it.
    #[must_use]
    pub fn make_up_days_as(&self) -> Option<Weekday> {
        self.make_up_days_as
    }

    /// Days with hours of their own.
    #[must_use]
    pub fn exceptions(&self) -> &BTreeMap<NaiveDate, Vec<Hours>> {
        &self.exceptions
    }

    /// The hours of a day: an exception beats a holiday, a holiday a make-up day, a make-up day the week.
    #[must_use]
    pub fn on(&self, day: NaiveDate, calendar: &WorkingCalendar) -> &[Hours] {
        if let Some(hours) = self.exceptions.get(&day) {
            return hours;
        }
        match calendar.kind(day) {
            DayKind::Holiday { .. } => &self.on_holidays,
            DayKind::MakeUp { .. } => self.make_up_days_as.map_or(&[], |weekday| self.in_week(weekday)),
            DayKind::Working | DayKind::Weekend => self.in_week(Weekday::of(day)),
        }
    }

    fn in_week(&self, weekday: Weekday) -> &[Hours] {
        self.weekly.get(&weekday).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing is said about any day.
    fn says_nothing(&self) -> bool {
        self.weekly.is_empty() && self.on_holidays.is_empty() && self.exceptions.is_empty()
    }
}
