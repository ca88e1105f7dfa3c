use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::{Object, Rejection, day, division_code};
use crate::divisions::DivisionCode;

/// The stretch of days that a query asks for with `from` and `to`, both included; the last 30 days where it doesn't.
pub fn stretch_of_days(q: &Object<'_>, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let from = q.optional("from", day);
    let to = q.optional("to", day);
    let to = to?.unwrap_or(today);
    let from = from?.unwrap_or(to - Days::new(29));
    if from > to {
        q.reject("to", Rejection::new("range", "不应早于 from。", "This must not be before from."));
        return None;
    }
    Some((from, to))
}

/// What statistics of service and demand are asked for: whole months, because the difference of two stretches of days would
/// tell the small counts of a day.
#[derive(Clone, Copy, Debug)]
pub struct MonthsQuery {
    /// The first day of the first month.
    pub from: NaiveDate,
    /// The last day of the last month, or today.
    pub to: NaiveDate,
    /// Only this district.
    pub district: Option<DivisionCode>,
}

impl MonthsQuery {
    /// Reads `from`, `to` and `division_code`: the months that [`stretch_of_days`] touches, and the district of a division.
    pub fn read(q: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let days = stretch_of_days(q, today);
        let division = q.optional("division_code", division_code);
        let (from, to) = days?;
        let from = from.with_day(1)?;
        let to = to.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()?.min(today.max(from));
        Some(Self { from, to, district: division?.map(|division| division.district()) })
    }
}
