//! The two measured routes of marriage.

use std::{path::Path as FilePath, sync::Arc};

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use http::{HeaderMap, StatusCode};
use marriage::{
    domain::{
        DayPlan, DayStatus, Exception, Party, Rules, Service, Timetable, check_parties, day_status, materials,
    },
    wire::{
        AppointmentStatus, AppointmentView, Availability, AvailabilityQuery, DayView, Links, NewAppointment,
        Office, PartyView, SlotView, shanghai,
    },
};
use rusqlite::types::Value;
use shared::{
    auth::CapabilityToken,
    calendar::{self, WorkingCalendar},
    divisions::DivisionCode,
    door::Context,
    extract::{Json, Path, Query, cacheable_json, json},
    geo::Position,
    i18n::Text,
    names::reference,
    privacy::{Keys, Place, base64url, random},
    problem::{ApiError, ApiResult},
};

use super::{Readers, Row, Writer};

const BOOK: &str = include_str!("../../../../functions/marriage/sql/book_appointment.sql");
const READ: &str = include_str!("../../../../functions/marriage/sql/read_availability.sql");
const DAY_S: i64 = 86_400;

struct App {
    readers: Readers,
    writer: Writer,
    keys: Keys,
    rules: Rules,
}

/// Serves the database in `database` until the process is ended.
pub(crate) fn serve(database: &FilePath) -> anyhow::Result<()> {
    let key = || base64url(&random::<32>());
    let app = Arc::new(App {
        readers: Readers::of(database),
        writer: Writer::of(database)?,
        keys: Keys::parse(&format!("k1:{}", key()), &key())?,
        rules: Rules::embedded()?,
    });
    let api = Router::new()
        .route("/offices/{id}/availability", get(availability))
        .route("/appointments", post(create));
    super::serve(Router::new().nest("/api/v1/marriage", api).with_state(app))
}

fn text(row: &Row, column: usize) -> ApiResult<&str> {
    match row.get(column) {
        Some(Value::Text(text)) => Ok(text),
        _ => Err(ApiError::internal("a column is no text")),
    }
}

fn parsed<T: serde::de::DeserializeOwned>(row: &Row, column: usize) -> ApiResult<T> {
    serde_json::from_str(text(row, column)?).map_err(ApiError::internal)
}

fn midnight(day: NaiveDate) -> i64 {
    calendar::at(day, NaiveTime::MIN).timestamp()
}

fn day_of(seconds: i64) -> NaiveDate {
    calendar::day_of(DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

async fn availability(
    State(app): State<Arc<App>>,
    context: Context,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now().timestamp();
    let today = day_of(now);
    let asked = query.read(|q| AvailabilityQuery::read(q, today))?;
    let day_after = asked.to.succ_opt().unwrap_or(asked.to);
    let parameters = vec![
        id.clone().into(),
        asked.service.word().to_owned().into(),
        asked.from.to_string().into(),
        asked.to.to_string().into(),
        midnight(asked.from).into(),
        midnight(day_after).into(),
        now.into(),
    ];
    let row = tokio::task::spawn_blocking(move || app.readers.first_row(READ, parameters))
        .await
        .map_err(ApiError::internal)?;
    let row = row.map_err(ApiError::internal)?.ok_or_else(ApiError::not_found)?;
    let services: Vec<Service> = parsed(&row, 0)?;
    let timetable: Timetable = parsed(&row, 1)?;
    let exceptions: Vec<(NaiveDate, Exception)> = parsed(&row, 2)?;
    let slots: Vec<(i64, i64, i64, i64, i64)> = parsed(&row, 3)?;
    let last_released = today + Days::new(timetable.release_days.into());
    let mut slots = slots.into_iter().peekable();
    let mut days = Vec::new();
    for date in asked.from.iter_days().take_while(|day| *day <= asked.to) {
        let end_of_day = midnight(date.succ_opt().unwrap_or(date));
        let mut ahead = Vec::new();
        while let Some((start, end, release_at, capacity, taken)) = slots.next_if(|slot| slot.0 < end_of_day)
        {
            if start > now && release_at <= now {
                let remaining = (capacity - taken).max(0);
                ahead.push(SlotView { start: shanghai(start), end: shanghai(end), capacity, remaining });
            }
        }
        let exception = exceptions.iter().find(|(day, _)| *day == date).map(|(_, exception)| exception);
        let plan = if services.contains(&asked.service) {
            DayPlan::of(date, &timetable, exception, WorkingCalendar::embedded())
        } else {
            DayPlan::Closed(Text::new("当日不办理此项业务", "This service is not offered on this day"))
        };
        let is_open = matches!(plan, DayPlan::Open { .. });
        let status =
            day_status((date, today, last_released), is_open, ahead.iter().map(|slot| slot.remaining));
        let reason = match plan {
            DayPlan::Closed(reason) if status == DayStatus::Closed => {
                Some(reason.in_lang(context.lang).to_owned())
            }
            _ => None,
        };
        days.push(DayView { date, status, reason, slots: ahead });
    }
    let answer = Availability { office_id: id, service: asked.service, days, notes: Vec::new() };
    cacheable_json(&headers, "public, no-cache", &answer)
}

#[derive(serde::Deserialize)]
struct Card {
    id: String,
    name: String,
    division_code: DivisionCode,
    address: String,
    phone: String,
    lat: f64,
    lon: f64,
    services: Vec<Service>,
    sample: u8,
}

async fn create(State(app): State<Arc<App>>, context: Context, body: Json) -> ApiResult<Response> {
    let now = Utc::now().timestamp();
    let wanted = body.read(|o| NewAppointment::read(o, day_of(now)))?;
    let (seat, day) = (&wanted.seat, day_of(wanted.seat.start));
    let seed = random::<32>();
    let reference = reference('M', &app.keys.derive("reference", &seed));
    let token = CapabilityToken::from_bytes(&app.keys.derive("token", &seed));
    let city = DivisionCode::parse("310000").map_err(ApiError::internal)?;
    let faults =
        check_parties(&app.rules, (seat.service, day, &city), &wanted.parties).map_err(ApiError::internal)?;
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    let number = |name, on| app.rules.number(name, on).map(i64::from).map_err(ApiError::internal);
    let persons: Vec<String> = wanted.parties.iter().map(|party| party.person(&app.keys)).collect();
    let bytes = Party::to_bytes(&wanted.parties).map_err(ApiError::internal)?;
    let place = Place { table: "appointment", column: "parties", row: &reference };
    let parameters = vec![
        reference.clone().into(),
        token.hash().into(),
        seat.office_id.clone().into(),
        seat.service.word().to_owned().into(),
        seat.start.into(),
        i64::from(wanted.with_ceremony).into(),
        app.keys.seal(place, &bytes).map_err(ApiError::internal)?.into(),
        serde_json::json!(persons).to_string().into(),
        Value::Null,
        now.into(),
        "citizen".to_owned().into(),
        (number("no_show_window_days", day_of(now))? * DAY_S).into(),
        (number("suspension_days", day_of(now))? * DAY_S).into(),
        number("no_shows_until_suspension", day_of(now))?.into(),
    ];
    let row = app.writer.first_row(BOOK, parameters).await?;
    let row = row.ok_or_else(|| ApiError::conflict("refused", Text::new("未能预约。", "Not booked.")))?;
    let Some(Value::Integer(end)) = row.first() else { return Err(ApiError::internal("no end")) };
    let card: Card = parsed(&row, 1)?;
    let ahead = u64::try_from(number("cancel_ahead_days", day)?).map_err(ApiError::internal)?;
    let cancel_before = (day - Days::new(ahead)).succ_opt().unwrap_or(day);
    let kinds = wanted.parties.iter().map(|party| party.identity.kind());
    let base = format!("/api/v1/marriage/appointments/{reference}");
    let view = AppointmentView {
        reference,
        token: Some(token.expose().to_owned()),
        status: AppointmentStatus::Confirmed,
        office: Office {
            id: card.id,
            name: card.name,
            division_code: card.division_code,
            address: card.address,
            phone: card.phone,
            location: Position { lat: card.lat, lon: card.lon },
            services: card.services,
            sample: card.sample != 0,
            distance_m: None,
        },
        service: seat.service,
        start: shanghai(seat.start),
        end: shanghai(*end),
        parties: wanted.parties.iter().map(PartyView::masked).collect(),
        materials: materials(&app.rules, (seat.service, day, context.lang), kinds)
            .map_err(ApiError::internal)?,
        with_ceremony: wanted.with_ceremony,
        cancel_before: shanghai(midnight(cancel_before)),
        links: Links {
            cancel: format!("{base}/cancel"),
            calendar: format!("{base}/calendar.ics"),
            rules: format!("/api/v1/marriage/rules?as_of={day}"),
            this: base,
        },
    };
    json(StatusCode::CREATED, &view)
}
