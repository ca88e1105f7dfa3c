use chrono::{Days, NaiveDate};
use serde::Serialize;
use shared::instant::Instant;
use shared::{
    divisions::DivisionCode,
    input::{Object, Rejection, choice, day, division_code, integer, text},
};
use utoipa::ToSchema;

use crate::domain::{DayStatus, Service};

/// The longest stretch of days that one call answers.
const LONGEST_DAYS: i64 = 62;

/// 一段时间 · One bookable time.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotView {
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Its seats.
    pub capacity: i64,
    /// Seats that can be booked now.
    pub remaining: i64,
}

/// 一天 · One day of an office.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayView {
    /// The day.
    pub date: NaiveDate,
    /// What it is to somebody who wants to book.
    pub status: DayStatus,
    /// 原因 · Why the office is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// The times that still lie ahead; none before the day is released.
    pub slots: Vec<SlotView>,
}

/// 余位 · What can be booked at an office.
#[derive(Debug, Serialize, ToSchema)]
pub struct Availability {
    /// The office.
    pub office_id: String,
    /// The service.
    pub service: Service,
    /// Every day asked for.
    pub days: Vec<DayView>,
    /// 说明 · What the answer rests on, such as a year whose days off are not announced yet.
    pub notes: Vec<String>,
}

/// What [`Availability`] is asked for.
pub struct AvailabilityQuery {
    /// The service.
    pub service: Service,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Reads `from` and `to`: from today, a week long, unless the caller says otherwise.
fn days(q: &Object<'_>, today: NaiveDate, default_days: u64) -> Option<(NaiveDate, NaiveDate)> {
    let from = q.optional("from", day);
    let to = q.optional("to", day);
    let from = from?.unwrap_or(today);
    let to = to?.unwrap_or_else(|| from.checked_add_days(Days::new(default_days)).unwrap_or(from));
    if to < from || (to - from).num_days() >= LONGEST_DAYS {
        q.reject(
            "to",
            Rejection::new(
                "range",
                "应不早于 from,且不超过 62 天。",
                "This must not be before from, nor more than 62 days from it.",
            ),
        );
        return None;
    }
    Some((from, to))
}

impl AvailabilityQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let service = q.required("service", choice(Service::WORDS));
        let (from, to) = days(q, today, 6)?;
        Some(Self { service: service?, from, to })
    }
}

/// 一个可约时段 · A slot with a free seat somewhere in the city.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenSlot {
    /// The office.
    pub office_id: String,
    /// 名称 · Its name.
    pub office_name: String,
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Seats that can be booked now.
    pub remaining: i64,
}

/// 全市可约时段 · The earliest open slots in the city.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenSlots {
    /// Earliest first.
    pub items: Vec<OpenSlot>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What [`OpenSlots`] are asked for.
pub struct OpenSlotsQuery {
    /// The service.
    pub service: Service,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Only offices in this division.
    pub division: Option<DivisionCode>,
    /// At most so many.
    pub limit: u32,
    /// After this start and office.
    pub after: (i64, String),
}

impl OpenSlotsQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let service = q.required("service", choice(Service::WORDS));
        let days = days(q, today, 30);
        let division = q.optional("division_code", division_code);
        let limit = q.optional("limit", integer(1..=100));
        let after = q.optional("cursor", cursor);
        let (from, to) = days?;
        Some(Self {
            service: service?,
            from,
            to,
            division: division?,
            limit: u32::try_from(limit?.unwrap_or(20)).ok()?,
            after: after?.unwrap_or_default(),
        })
    }
}

/// A cursor of a list ordered by an instant and an id: `<seconds>.<id>`.
pub(crate) fn cursor(value: &serde_json::Value) -> Result<(i64, String), Rejection> {
    let text = text(1..=80)(value)?;
    text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned()))).ok_or(Rejection::new(
        "cursor",
        "翻页标记无效。",
        "This is no cursor of this list.",
    ))
}
