use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{Datelike as _, Days, NaiveDate, Utc};
use http::HeaderMap;
use shared::{
    calendar::{self, WorkingCalendar},
    door::Context,
    extract::{Path, Query, cacheable_json},
    i18n::{Lang, Text},
    problem::{ApiError, ApiResult},
};

use super::{day_of, stretch};
use crate::{
    app::App,
    domain::{DayPlan, DayStatus, Service, day_status},
    store,
    wire::{
        Availability, AvailabilityQuery, DayView, OpenSlot, OpenSlots, OpenSlotsQuery, SlotView, shanghai,
    },
};

/// 余位 · What can be booked at an office, day by day.
///
/// 默认从今天起七天，最多 62 天 · From today for a week unless said otherwise; 62 days at most.
#[utoipa::path(get, path = "/offices/{id}/availability", tag = "appointments",
    params(("id" = String, Path), ("service" = Service, Query),
           ("from" = Option<NaiveDate>, Query), ("to" = Option<NaiveDate>, Query)),
    responses((status = 200, body = Availability)))]
pub(crate) async fn of_office(
    State(app): State<Arc<App>>,
    context: Context,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let today = calendar::day_of(now);
    let asked = query.read(|q| AvailabilityQuery::read(q, today))?;
    app.keep_slots_ahead(today).await?;
    let days = (asked.from, asked.to);
    let seconds = stretch(asked.from, asked.to);
    let found = store::availability::read(&app.db, (&id, asked.service), days, seconds, now).await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    let answer = Availability {
        office_id: id,
        service: asked.service,
        days: day_views(&found, &asked, now.timestamp(), context.lang),
        notes: notes(asked.from, asked.to, context.lang),
    };
    cacheable_json(&headers, "public, no-cache", &answer)
}

fn day_views(
    found: &store::availability::Found,
    asked: &AvailabilityQuery,
    now: i64,
    lang: Lang,
) -> Vec<DayView> {
    let today = day_of(now);
    let release_days = found.timetable.as_ref().map_or(0, |timetable| timetable.release_days);
    let last_released = today.checked_add_days(Days::new(u64::from(release_days))).unwrap_or(today);
    let mut slots = found.slots.iter().peekable();
    let mut views = Vec::new();
    for date in asked.from.iter_days().take_while(|day| *day <= asked.to) {
        let end_of_day = stretch(date, date).1;
        let mut ahead = Vec::new();
        while let Some((start, end, release_at, capacity, taken)) =
            slots.next_if(|(start, ..)| *start < end_of_day)
        {
            if *start > now && *release_at <= now {
                ahead.push(SlotView {
                    start: shanghai(*start),
                    end: shanghai(*end),
                    capacity: *capacity,
                    remaining: (capacity - taken).max(0),
                });
            }
        }
        let plan = plan(found, asked.service, date);
        let status = day_status(
            (date, today, last_released),
            matches!(plan, DayPlan::Open { .. }),
            ahead.iter().map(|slot| slot.remaining),
        );
        let reason = match plan {
            DayPlan::Closed(reason) if status == DayStatus::Closed => Some(reason.in_lang(lang).to_owned()),
            _ => None,
        };
        views.push(DayView { date, status, reason, slots: ahead });
    }
    views
}

fn plan(found: &store::availability::Found, service: Service, date: NaiveDate) -> DayPlan {
    let Some(timetable) = &found.timetable else {
        return DayPlan::Closed(Text::new("尚未开放预约", "Not taking appointments yet"));
    };
    let not_offered =
        || DayPlan::Closed(Text::new("当日不办理此项业务", "This service is not offered on this day"));
    if !found.services.contains(&service) {
        return not_offered();
    }
    match DayPlan::of(date, timetable, found.exceptions.get(&date), WorkingCalendar::embedded()) {
        DayPlan::Open { capacity, .. } if capacity.get(&service).is_none_or(|seats| *seats == 0) => {
            not_offered()
        }
        plan => plan,
    }
}

/// What the reader should know of a stretch of days: years whose days off are not announced yet.
fn notes(from: NaiveDate, to: NaiveDate, lang: Lang) -> Vec<String> {
    (from.year()..=to.year())
        .filter(|year| !WorkingCalendar::embedded().is_announced(*year))
        .map(|year| {
            Text::of(
                format!("{year} 年放假安排尚未公布，暂按周末推算。"),
                format!("The days off of {year} are not announced yet: weekends are assumed."),
            )
            .in_lang(lang)
            .to_owned()
        })
        .collect()
}

/// 全市可约时段 · The earliest open slots in the whole city.
#[utoipa::path(get, path = "/availability", tag = "appointments",
    params(("service" = Service, Query), ("from" = Option<NaiveDate>, Query), ("to" = Option<NaiveDate>, Query),
           ("division_code" = Option<String>, Query), ("limit" = Option<u32>, Query),
           ("cursor" = Option<String>, Query)),
    responses((status = 200, body = OpenSlots)))]
pub(crate) async fn city_wide(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let today = calendar::day_of(now);
    let asked = query.read(|q| OpenSlotsQuery::read(q, today))?;
    app.keep_slots_ahead(today).await?;
    let (from, to) = stretch(asked.from, asked.to);
    let division = asked.division.filter(|division| division.as_str() != "310000");
    let found = store::availability::find(
        &app.db,
        asked.service,
        (from.max(now.timestamp() + 1), to),
        (division.as_ref().map(|division| division.as_str()), None),
        (asked.after.0, &asked.after.1),
        asked.limit,
        now,
    )
    .await?;
    let full = u32::try_from(found.len()).is_ok_and(|count| count == asked.limit);
    let next_cursor = found.last().filter(|_| full).map(|slot| format!("{}.{}", slot.start, slot.office_id));
    let items = found
        .into_iter()
        .map(|slot| OpenSlot {
            office_id: slot.office_id,
            office_name: slot.office_name,
            start: shanghai(slot.start),
            end: shanghai(slot.end),
            remaining: slot.remaining,
        })
        .collect();
    cacheable_json(&headers, "public, no-cache", &OpenSlots { items, next_cursor })
}
