use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    auth::Credential,
    calendar,
    door::Context,
    extract::{Json, Path, json},
    i18n::Text,
    idempotency::{self, Seed},
    names::Names,
    privacy::Place,
    problem::{ApiError, ApiResult},
};

use super::{access, booking, day_of, stretch, unknown_office};
use crate::{
    app::App,
    domain::{Party, check_parties},
    store::{
        self,
        seats::Asking,
        waitlist::{Joining, Waiting},
    },
    wire::{
        AppointmentView, NewAppointment, NewWaiting, Offer, Seat, WaitlistInput, WaitlistStatus,
        WaitlistView, shanghai,
    },
};

/// 候补 · Joins the queue for a seat at an office.
///
/// 有空位时立即保留 · Where a seat is free already, it is offered at once.
#[utoipa::path(post, path = "/waitlist", tag = "waitlist", request_body = WaitlistInput,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = WaitlistView)))]
pub(crate) async fn join(State(app): State<Arc<App>>, headers: HeaderMap, body: Json) -> ApiResult<Response> {
    let now = Utc::now();
    let today = calendar::day_of(now);
    let wanted = body.read(|o| NewWaiting::read(o, today))?;
    app.keep_slots_ahead(today).await?;
    idempotency::once(&app.db, &app.keys, (&headers, "marriage/waitlist", body.bytes()), now, async |seed| {
        let names = Names::new(&app.keys, &seed, 'W');
        let mut view = queue(&app, &names, &wanted, now).await?;
        view.token = Some(names.token.expose().to_owned());
        json(StatusCode::CREATED, &view)
    })
    .await
}

async fn queue(app: &App, names: &Names, wanted: &NewWaiting, now: DateTime<Utc>) -> ApiResult<WaitlistView> {
    let today = calendar::day_of(now);
    let office = store::offices::read(&app.db, &wanted.office_id).await?.ok_or_else(unknown_office)?;
    // On the last day that suits, everybody is as old as they get.
    let faults =
        check_parties(&app.rules, (wanted.service, wanted.to, &office.division_code), &wanted.parties)
            .map_err(ApiError::internal)?;
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    let persons = serde_json::json!(booking::persons(app, &wanted.parties)).to_string();
    let bytes = Party::to_bytes(&wanted.parties).map_err(ApiError::internal)?;
    let minutes = app.rules.number("offer_minutes", today).map_err(ApiError::internal)?;
    let no_shows = booking::no_show_rule(app, today)?;
    let (from, to) = stretch(wanted.from, wanted.to);
    let joining = Joining {
        reference: &names.reference,
        token_hash: &names.token.hash(),
        office: &wanted.office_id,
        service: wanted.service,
        range: (from, to),
        offer_seconds: i64::from(minutes) * 60,
        parties: app.keys.seal(place(&names.reference), &bytes).map_err(ApiError::internal)?,
        persons: &persons,
        no_shows,
    };
    let joined = store::waitlist::join(&app.db, joining, now).await?;
    if !joined && store::waitlist::read(&app.db, &names.reference, now).await?.is_none() {
        return Err(why_not_queued(app, wanted, &persons, now).await?);
    }
    current(app, &names.reference, now).await.map(|waiting| view(&waiting, now))
}

async fn why_not_queued(
    app: &App,
    wanted: &NewWaiting,
    persons: &str,
    now: DateTime<Utc>,
) -> ApiResult<ApiError> {
    let no_shows = booking::no_show_rule(app, calendar::day_of(now))?;
    let asking = Asking { persons, except: "", hold_id: None, no_shows };
    // Any instant ahead will do: only what is said of the people counts here.
    let seat =
        Seat { office_id: wanted.office_id.clone(), service: wanted.service, start: now.timestamp() + 1 };
    let found = store::seats::explain(&app.db, &seat, &asking, now).await?.ok_or_else(unknown_office)?;
    Ok(booking::refusal_of_people(&found).unwrap_or_else(|| {
        ApiError::conflict(
            "already_waiting",
            Text::new("其中一方已在候补。", "One of the parties is waiting already."),
        )
    }))
}

/// 查看候补 · Where one stands in the queue; a seat that has become free is offered.
#[utoipa::path(get, path = "/waitlist/{reference}", tag = "waitlist", params(("reference" = String, Path)),
    security(("capability" = []), ("staff" = [])), responses((status = 200, body = WaitlistView)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    open(&app, &credential, &reference, now).await?;
    json(StatusCode::OK, &view(&current(&app, &reference, now).await?, now))
}

/// 接受席位 · Books the seat on offer.
#[utoipa::path(post, path = "/waitlist/{reference}/accept", tag = "waitlist",
    params(("reference" = String, Path)), security(("capability" = [])),
    responses((status = 201, body = AppointmentView)))]
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let waiting = open(&app, &credential, &reference, now).await?;
    let Credential::Capability(token) = &credential else { return Err(ApiError::unauthenticated()) };
    // Of this token comes one appointment, however often the offer is accepted.
    let names = Names::new(&app.keys, &Seed::of(&app.keys, token), 'M');
    let offer = waiting.offer.filter(|(.., expires_at)| *expires_at > now.timestamp());
    if waiting.appointment.is_none() && offer.is_none() {
        return Err(ApiError::conflict(
            "hold_expired",
            Text::new("目前没有为您保留的席位。", "No seat is on offer to you at the moment."),
        ));
    }
    let bytes = app.keys.open(place(&reference), &waiting.parties).map_err(ApiError::internal)?;
    let wanted = NewAppointment {
        seat: Seat {
            office_id: waiting.office.id.clone(),
            service: waiting.service,
            start: offer.map_or(now.timestamp(), |(start, ..)| start),
        },
        hold: None,
        parties: Party::from_bytes(&bytes).map_err(ApiError::internal)?,
        with_ceremony: false,
    };
    let hold_id = format!("offer:{reference}");
    let view = booking::book(&app, &names, &wanted, Some(&hold_id), now, context.lang).await?;
    json(StatusCode::CREATED, &view)
}

/// 退出候补 · Leaves the queue; a seat on offer goes to the next.
#[utoipa::path(delete, path = "/waitlist/{reference}", tag = "waitlist", params(("reference" = String, Path)),
    security(("capability" = [])), responses((status = 204)))]
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let waiting = open(&app, &credential, &reference, now).await?;
    if store::waitlist::withdraw(&app.db, &reference, now).await? {
        store::seats::offer_next(&app.db, &waiting.office.id, waiting.service.word(), now).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn open(app: &App, credential: &Credential, reference: &str, now: DateTime<Utc>) -> ApiResult<Waiting> {
    let bearer = credential.bearer(&app.staff, access::REGISTRARS)?;
    let waiting = store::waitlist::read(&app.db, reference, now).await?.ok_or_else(ApiError::not_found)?;
    bearer.open((&waiting.token_hash, &waiting.office.division_code))?;
    Ok(waiting)
}

/// The place in the queue, after every free seat was offered to whoever is next.
async fn current(app: &App, reference: &str, now: DateTime<Utc>) -> ApiResult<Waiting> {
    let read = async || store::waitlist::read(&app.db, reference, now).await?.ok_or_else(ApiError::not_found);
    let waiting = read().await?;
    if waiting.status != WaitlistStatus::Waiting {
        return Ok(waiting);
    }
    for _ in 0..waiting.position.clamp(1, 20) {
        if !store::seats::offer_next(&app.db, &waiting.office.id, waiting.service.word(), now).await? {
            break;
        }
    }
    read().await
}

fn place(reference: &str) -> Place<'_> {
    Place { table: "waitlist", column: "parties", row: reference }
}

fn view(waiting: &Waiting, now: DateTime<Utc>) -> WaitlistView {
    let offer = waiting.offer.filter(|(.., expires_at)| *expires_at > now.timestamp());
    let over = waiting.range.1 <= now.timestamp();
    let status = match waiting.status {
        WaitlistStatus::Offered if offer.is_none() => WaitlistStatus::Lapsed,
        WaitlistStatus::Waiting if over => WaitlistStatus::Lapsed,
        status => status,
    };
    WaitlistView {
        reference: waiting.reference.clone(),
        token: None,
        status,
        position: (status == WaitlistStatus::Waiting).then_some(waiting.position),
        office: waiting.office.clone(),
        service: waiting.service,
        from: day_of(waiting.range.0),
        to: day_of(waiting.range.1 - 1),
        offer: offer.filter(|_| status == WaitlistStatus::Offered).map(|(start, end, expires_at)| Offer {
            start: shanghai(start),
            end: shanghai(end),
            expires_at: shanghai(expires_at),
        }),
    }
}
