use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use shared::{
    auth::CapabilityToken,
    calendar::{self, WorkingCalendar},
    divisions::DivisionCode,
    i18n::{Lang, Text},
    input::Rejection,
    names::Names,
    privacy::Place,
    problem::{ApiError, ApiResult},
};

use super::{day_of, midnight, unknown_office};
use crate::{
    app::App,
    domain::{Party, Service, certificate_window, check_parties, materials},
    store::{
        self,
        appointments::{Booking, NoShowRule, Stored},
        seats::{Asking, Explanation},
    },
    wire::{AppointmentView, Links, NewAppointment, PartyView, Seat, shanghai},
};

/// How often a refused statement is tried again when what stood in its way is gone by the time it is looked at.
pub(super) const ATTEMPTS: usize = 3;

/// The rule about missed appointments, as of today.
pub(super) fn no_show_rule(app: &App, today: NaiveDate) -> ApiResult<NoShowRule> {
    const DAY_S: i64 = 86_400;
    let number = |name| app.rules.number(name, today).map(i64::from).map_err(ApiError::internal);
    Ok(NoShowRule {
        count: number("no_shows_until_suspension")?,
        window_s: number("no_show_window_days")? * DAY_S,
        suspension_s: number("suspension_days")? * DAY_S,
    })
}

/// Refuses people whom the law keeps from this service on this day.
pub(super) async fn check(app: &App, seat: &Seat, parties: &[Party], persons: &[String]) -> ApiResult<()> {
    let day = day_of(seat.start);
    if !(2000..=2100).contains(&day.year()) {
        return Err(slot_closed());
    }
    let faults = check_parties(&app.rules, (seat.service, day, &office_division(app, seat).await?), parties)
        .map_err(ApiError::internal)?;
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    check_cooling_off(app, seat, persons).await
}

/// The blind indexes of people, in their order.
pub(super) fn persons(app: &App, parties: &[Party]) -> Vec<String> {
    parties.iter().map(|party| party.person(&app.keys)).collect()
}

/// The office's division, looked up only on days when the law makes the place matter.
async fn office_division(app: &App, seat: &Seat) -> ApiResult<DivisionCode> {
    let place = app.rules.get("place_of_registration", day_of(seat.start)).map_err(ApiError::internal)?;
    if place.as_str().map_err(ApiError::internal)? != "nationwide" {
        let office = store::offices::read(&app.db, &seat.office_id).await?;
        return office.map(|office| office.division_code).ok_or_else(unknown_office);
    }
    DivisionCode::parse("310000").map_err(ApiError::internal)
}

/// A divorce certificate is issued in the days that the law leaves for it after the application.
pub(super) async fn check_cooling_off(app: &App, seat: &Seat, persons: &[String]) -> ApiResult<()> {
    let (Service::DivorceCertificate, [first, second]) = (seat.service, persons) else { return Ok(()) };
    let refuse = |zh: String, en: String| Err(ApiError::conflict("cooling_off", Text::of(zh, en)));
    let Some(applied) = store::appointments::divorce_application(&app.db, first, second).await? else {
        return refuse(
            "没有查到双方已受理的离婚登记申请。".to_owned(),
            "No divorce application of the two parties is on record.".to_owned(),
        );
    };
    let (earliest, latest) = certificate_window(&app.rules, WorkingCalendar::embedded(), day_of(applied))
        .map_err(ApiError::internal)?;
    let day = day_of(seat.start);
    if (earliest..=latest).contains(&day) {
        return Ok(());
    }
    refuse(
        format!("离婚证的领取期间为 {earliest} 至 {latest}(《民法典》第一千零七十七条)。"),
        format!("The certificate is issued from {earliest} to {latest} (Civil Code, art. 1077)."),
    )
}

/// Books a seat, or says what stands in the way.
pub(super) async fn book(
    app: &App,
    names: &Names,
    wanted: &NewAppointment,
    hold_id: Option<&str>,
    now: DateTime<Utc>,
    lang: Lang,
) -> ApiResult<AppointmentView> {
    let persons = persons(app, &wanted.parties);
    if wanted.seat.start > now.timestamp() {
        check(app, &wanted.seat, &wanted.parties, &persons).await?;
    }
    let no_shows = no_show_rule(app, calendar::day_of(now))?;
    let persons = serde_json::json!(persons).to_string();
    let bytes = Party::to_bytes(&wanted.parties).map_err(ApiError::internal)?;
    let token_hash = names.token.hash();
    for _ in 0..ATTEMPTS {
        let booking = Booking {
            reference: &names.reference,
            token_hash: &token_hash,
            seat: &wanted.seat,
            with_ceremony: wanted.with_ceremony,
            parties: app.keys.seal(place(&names.reference), &bytes).map_err(ApiError::internal)?,
            persons: &persons,
            hold_id,
            no_shows,
            actor: "citizen",
        };
        if let Some((end, office)) = store::appointments::book(&app.db, booking, now).await? {
            let stored = Stored {
                reference: names.reference.clone(),
                token_hash,
                status: crate::wire::AppointmentStatus::Confirmed,
                office,
                service: wanted.seat.service,
                start: wanted.seat.start,
                end,
                with_ceremony: wanted.with_ceremony,
                parties: Vec::new(),
                created_at: now.timestamp(),
            };
            return view(app, &stored, &wanted.parties, lang, PartyView::masked)
                .map(|view| view.with_token(&names.token));
        }
        if let Some(stored) = store::appointments::read(&app.db, &names.reference).await? {
            // The same request was here before and did not live to say so.
            let parties = open_parties(app, &stored)?;
            return view(app, &stored, &parties, lang, PartyView::masked)
                .map(|view| view.with_token(&names.token));
        }
        let asking = Asking { persons: &persons, except: "", hold_id, no_shows };
        if let Some(refusal) = why_not(app, &wanted.seat, &asking, now).await? {
            return Err(refusal);
        }
    }
    Err(ApiError::unavailable("a seat kept changing hands"))
}

/// What stands between these people and the seat; `None` where nothing does any more.
pub(super) async fn why_not(
    app: &App,
    seat: &Seat,
    asking: &Asking<'_>,
    now: DateTime<Utc>,
) -> ApiResult<Option<ApiError>> {
    let Some(found) = store::seats::explain(&app.db, seat, asking, now).await? else {
        return Ok(Some(unknown_office()));
    };
    let refusal = refusal(seat, &found, asking.hold_id.is_some(), now);
    if refusal.as_ref().is_some_and(|refusal| refusal.code() == "slot_full") {
        // Seats that are kept for those who wait are offered to them now, so that the queue moves.
        store::seats::offer_next(&app.db, &seat.office_id, seat.service.word(), now).await?;
    }
    Ok(refusal)
}

fn refusal(seat: &Seat, found: &Explanation, with_hold: bool, now: DateTime<Utc>) -> Option<ApiError> {
    let conflict = |code, zh, en| Some(ApiError::conflict(code, Text::new(zh, en)));
    if !found.offers_service {
        let rejection = Rejection::new(
            "service_not_offered",
            "该婚姻登记处不办理此项业务。",
            "This office does not offer this service.",
        );
        return Some(rejection.at("/service"));
    }
    if seat.start <= now.timestamp() {
        return conflict("slot_past", "该时段已过。", "This slot is over.");
    }
    let release_days = found.timetable.as_ref().map_or(0, |timetable| timetable.release_days);
    let released_until = calendar::day_of(now).checked_add_days(Days::new(u64::from(release_days)));
    let not_released = released_until.is_some_and(|day| day_of(seat.start) > day);
    let slot = match found.slot.filter(|slot| slot.capacity > 0) {
        Some(slot) if slot.release_at > now.timestamp() => return slot_not_released(),
        Some(slot) => slot,
        None if not_released => return slot_not_released(),
        None => return Some(slot_closed()),
    };
    if with_hold && !found.hold_is_live {
        return conflict(
            "hold_expired",
            "席位保留已失效，请重新选择。",
            "The hold has run out: choose again.",
        );
    }
    let taken = if with_hold { slot.booked } else { slot.taken };
    refusal_of_people(found).or_else(|| (taken >= slot.capacity).then(slot_full))
}

/// What about the people, not the seat, stands in the way.
pub(super) fn refusal_of_people(found: &Explanation) -> Option<ApiError> {
    if found.already_booked {
        return Some(ApiError::conflict(
            "party_already_booked",
            Text::new(
                "其中一方已有此项业务的有效预约。",
                "One of the parties has an appointment for this service already.",
            ),
        ));
    }
    let until = shanghai(found.suspended_until?).to_shanghai().format("%Y-%m-%d %H:%M").to_string();
    Some(ApiError::conflict(
        "party_suspended",
        Text::of(
            format!("其中一方因多次爽约暂停预约至 {until}。"),
            format!("One of the parties missed appointments and may book again from {until}."),
        ),
    ))
}

pub(super) fn slot_full() -> ApiError {
    ApiError::conflict("slot_full", Text::new("该时段已约满。", "This slot is full."))
}

fn slot_not_released() -> Option<ApiError> {
    Some(ApiError::conflict(
        "slot_not_released",
        Text::new("该日期尚未开放预约。", "This day does not take appointments yet."),
    ))
}

pub(super) fn slot_closed() -> ApiError {
    ApiError::conflict("slot_closed", Text::new("该时段不办理此项业务。", "The office is closed then."))
}

/// Where an appointment's parties are sealed.
fn place(reference: &str) -> Place<'_> {
    Place { table: "appointment", column: "parties", row: reference }
}

/// The parties of an appointment, opened.
pub(super) fn open_parties(app: &App, stored: &Stored) -> ApiResult<Vec<Party>> {
    let bytes = app.keys.open(place(&stored.reference), &stored.parties).map_err(ApiError::internal)?;
    Party::from_bytes(&bytes).map_err(ApiError::internal)
}

/// The instant before which an appointment can be cancelled or moved: the end of the last day that is far enough ahead.
pub(super) fn cancel_before(app: &App, start: i64) -> ApiResult<i64> {
    let day = day_of(start);
    let ahead = app.rules.number("cancel_ahead_days", day).map_err(ApiError::internal)?;
    let last = day.checked_sub_days(Days::new(u64::from(ahead))).unwrap_or(day);
    Ok(midnight(last.succ_opt().unwrap_or(last)))
}

/// An appointment as an answer shows it.
pub(super) fn view(
    app: &App,
    stored: &Stored,
    parties: &[Party],
    lang: Lang,
    show: impl Fn(&Party) -> PartyView,
) -> ApiResult<AppointmentView> {
    let day = day_of(stored.start);
    let kinds = parties.iter().map(|party| party.identity.kind());
    let base = format!("/api/v1/marriage/appointments/{}", stored.reference);
    Ok(AppointmentView {
        reference: stored.reference.clone(),
        token: None,
        status: stored.status,
        office: stored.office.clone(),
        service: stored.service,
        start: shanghai(stored.start),
        end: shanghai(stored.end),
        parties: parties.iter().map(show).collect(),
        materials: materials(&app.rules, (stored.service, day, lang), kinds).map_err(ApiError::internal)?,
        with_ceremony: stored.with_ceremony,
        cancel_before: shanghai(cancel_before(app, stored.start)?),
        links: Links {
            cancel: format!("{base}/cancel"),
            calendar: format!("{base}/calendar.ics"),
            rules: format!("/api/v1/marriage/rules?as_of={day}"),
            this: base,
        },
    })
}

impl AppointmentView {
    /// The view with the token, for the one answer that gives it.
    fn with_token(mut self, token: &CapabilityToken) -> Self {
        self.token = Some(token.expose().to_owned());
        self
    }
}
