use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::{Object, Rejection, day};

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

/// The whole months that such a stretch touches, up to today: the difference of two stretches of days would tell the small
/// counts of a day.
pub fn stretch_of_months(q: &Object<'_>, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = stretch_of_days(q, today)?;
    let from = from.with_day(1)?;
    let to = to.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()?.min(today.max(from));
    Some((from, to))
}
