use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClockTime, MOST_STRETCHES};
use crate::input::Rejection;

pub(super) const ENDS_EARLY: Rejection =
    Rejection::new("range", "应晚于 opens。", "This has to be after opens.");

pub(super) const OVERLAP: Rejection =
    Rejection::new("overlap", "同一天的时间段不能重叠。", "The hours of a day must not overlap.");

/// A stretch of opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Ends")]
pub struct Hours {
    /// When it begins, `HH:MM`.
    #[schema(value_type = String, example = "09:00", pattern = "^[0-2][0-9]:[0-5][0-9]$")]
    opens: ClockTime,
    /// When it ends, `HH:MM`.
    #[schema(value_type = String, example = "11:30", pattern = "^[0-2][0-9]:[0-5][0-9]$")]
    closes: ClockTime,
}

#[derive(Deserialize)]
struct Ends {
    opens: ClockTime,
    closes: ClockTime,
}

impl TryFrom<Ends> for Hours {
    type Error = &'static str;

    fn try_from(Ends { opens, closes }: Ends) -> Result<Self, Self::Error> {
        Self::new(opens, closes).map_err(|_| "hours that end before they begin")
    }
}

impl Hours {
    /// The whole day.
    pub const ALL_DAY: Self = Self { opens: ClockTime::START_OF_DAY, closes: ClockTime::END_OF_DAY };

    /// The stretch from one minute to another.
    ///
    /// # Errors
    /// `range` where it wouldn't end after it begins.
    pub fn new(opens: ClockTime, closes: ClockTime) -> Result<Self, Rejection> {
        if opens < closes { Ok(Self { opens, closes }) } else { Err(ENDS_EARLY) }
    }

    /// When it begins: open at this minute.
    #[must_use]
    pub const fn opens(self) -> ClockTime {
        self.opens
    }

    /// When it ends: closed at this minute.
    #[must_use]
    pub const fn closes(self) -> ClockTime {
        self.closes
    }

    /// Whether the minute lies in it.
    #[must_use]
    pub fn contains(self, time: ClockTime) -> bool {
        self.opens <= time && time < self.closes
    }

    /// A day's hours in ascending order.
    pub(super) fn in_order(mut hours: Vec<Self>) -> Result<Vec<Self>, Rejection> {
        hours.sort_unstable();
        let overlap =
            hours.iter().zip(hours.iter().skip(1)).any(|(before, after)| after.opens < before.closes);
        if overlap { Err(OVERLAP) } else { Ok(hours) }
    }

    pub(super) fn count() -> std::ops::RangeInclusive<usize> {
        0..=MOST_STRETCHES
    }
}
