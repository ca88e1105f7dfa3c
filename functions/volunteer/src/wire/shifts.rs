use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use shared::{
    i18n::Text,
    input::{Object, Rejection, instant, integer, text},
    instant::Instant,
};
use utoipa::ToSchema;

use crate::domain::{NewShift, Shift, ShiftStatus};

/// How many may take part in a shift.
const MOST_PLACES: i64 = 10_000;

/// 班次 · A shift.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShiftView {
    /// Its id.
    pub id: String,
    /// 开始 · When it begins.
    pub starts_at: Instant,
    /// 结束 · When it ends.
    pub ends_at: Instant,
    /// 名额 · How many take part.
    pub capacity: u32,
    /// 已报名 · How many have a place.
    pub confirmed: u32,
    /// 剩余名额 · Places that are free.
    pub remaining: u32,
    /// 候补人数 · How many wait for one.
    pub waitlisted: u32,
    /// 候补名额 · How many may wait.
    pub waitlist_capacity: u32,
    /// 状态 · Whether one can sign up.
    pub status: ShiftStatus,
}

impl ShiftView {
    /// What a shift is at an instant, in Unix seconds.
    #[must_use]
    pub fn of(shift: &Shift, now: i64) -> Self {
        Self {
            id: shift.id.as_str().to_owned(),
            starts_at: Instant::at(shift.starts_at),
            ends_at: Instant::at(shift.ends_at),
            capacity: shift.capacity,
            confirmed: shift.confirmed,
            remaining: shift.remaining(),
            waitlisted: shift.waitlisted,
            waitlist_capacity: shift.waitlist_capacity,
            status: shift.status(now),
        }
    }
}

/// 班次 · A shift to add, as `POST /opportunities/{id}/shifts` takes it.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct ShiftInput {
    /// 开始 · When it begins; to come, and at most as far ahead as `shift_ahead_days_most` says.
    starts_at: DateTime<FixedOffset>,
    /// 结束 · When it ends; at most `shift_hours_most` later.
    ends_at: DateTime<FixedOffset>,
    /// 名额 · How many take part.
    #[schema(minimum = 1, maximum = 10_000)]
    capacity: u32,
    /// 候补名额 · How many may wait; as many as take part where it isn't given.
    #[schema(minimum = 0, maximum = 10_000, nullable = false)]
    waitlist_capacity: Option<u32>,
}

/// What the dated rules say of shifts, at an instant in Unix seconds.
#[derive(Clone, Copy, Debug)]
pub struct ShiftLimits {
    /// The instant.
    pub now: i64,
    /// The longest, in hours.
    pub hours_most: u32,
    /// The farthest ahead, in days.
    pub days_ahead: u32,
}

/// Reads a shift, such as the body of `POST /opportunities/{id}/shifts`.
pub fn read_shift(o: &Object<'_>, limits: &ShiftLimits) -> Option<NewShift> {
    let starts_at = o.required("starts_at", instant);
    let ends_at = o.required("ends_at", instant);
    let capacity = o.required("capacity", integer(1..=MOST_PLACES));
    let waitlist = o.optional("waitlist_capacity", integer(0..=MOST_PLACES));
    let (starts_at, ends_at) = (starts_at?.timestamp(), ends_at?.timestamp());
    let mut fits = true;
    if !(limits.now + 1..=limits.now + i64::from(limits.days_ahead) * 86_400).contains(&starts_at) {
        let message = Text::of(
            format!("应在今后 {} 天以内。", limits.days_ahead),
            format!("This has to lie ahead, by {} days at most.", limits.days_ahead),
        );
        o.reject("starts_at", Rejection { code: "out_of_range", message });
        fits = false;
    }
    if !(60..=i64::from(limits.hours_most) * 3_600).contains(&(ends_at - starts_at)) {
        let message = Text::of(
            format!("应晚于开始时间，且班次不超过 {} 小时。", limits.hours_most),
            format!("This has to be after the beginning, by {} hours at most.", limits.hours_most),
        );
        o.reject("ends_at", Rejection { code: "out_of_range", message });
        fits = false;
    }
    let (capacity, waitlist) = (capacity?, waitlist?);
    let count = |count: i64| u32::try_from(count).ok();
    let waitlist_capacity = count(waitlist.unwrap_or(capacity))?;
    fits.then_some(NewShift { starts_at, ends_at, capacity: count(capacity)?, waitlist_capacity })
}

/// 现场签到码 · The code to show on site now.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteCode {
    /// The shift.
    pub shift_id: String,
    /// 签到码 · The code.
    #[schema(example = "7K3F9QXA")]
    pub code: String,
    /// From when it is shown.
    pub valid_from: Instant,
    /// Until when; then there is another one.
    pub valid_to: Instant,
}

/// What `POST /shifts/{id}/check-in` and `check-out` take.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct CheckInput {
    /// 签到码 · The code that is shown on site.
    #[schema(example = "7K3F9QXA")]
    code: String,
    /// 扫码时间 · When it was scanned, by a telephone that was offline; now where it isn't given.
    #[schema(nullable = false)]
    scanned_at: Option<DateTime<FixedOffset>>,
}

/// Reads the body of `POST …/check-in`: the code, and when it was scanned.
pub fn read_check(o: &Object<'_>) -> Option<(String, Option<i64>)> {
    let code = o.required("code", text(1..=40));
    let at = o.optional("scanned_at", instant);
    Some((code?, at?.map(|at| at.timestamp())))
}
