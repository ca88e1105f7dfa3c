//! Steps of an application, and why they are refused.

use chrono::{DateTime, Utc};
use shared::{
    auth::{Staff, Visitor},
    i18n::Text,
    problem::{ApiError, ApiResult},
};

use super::{ATTEMPTS, access, alerts};
use crate::{
    app::App,
    domain::{Place, Record, Step, StepKind, StepRefusal},
    store::{self, applications::Taking},
};

/// A step that somebody asks for.
pub(super) struct Asked<'a> {
    /// Its own id: a repeated request has the same.
    pub(super) id: &'a str,
    pub(super) reference: &'a str,
    pub(super) step: Step,
    pub(super) by: By<'a>,
    /// Why somebody is offered a bed before others.
    pub(super) reason: Option<&'a str>,
}

/// Who asks for it.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    /// Whoever holds the token.
    Owner,
    /// A manager: each attempt looks again whether they may.
    Staff(&'a Staff),
}

impl<'a> By<'a> {
    /// Somebody who opened the application.
    pub(super) fn of(visitor: &'a Visitor) -> Self {
        match visitor {
            Visitor::Owner => Self::Owner,
            Visitor::Staff(staff) => Self::Staff(staff),
        }
    }

    fn actor(self) -> &'a str {
        match self {
            Self::Owner => "citizen",
            Self::Staff(staff) => &staff.subject,
        }
    }
}

/// Takes a step, or says why it may not be taken; the application as it is then. Beds that it frees are told to whoever
/// waits to hear of them.
pub(super) async fn take(app: &App, asked: &Asked<'_>, now: DateTime<Utc>) -> ApiResult<Record> {
    let setback = app.number("queue_passed_offer_setback", now)?;
    for _ in 0..ATTEMPTS {
        let record = access::read(app, asked.reference).await?;
        // A repeated request finds the step that it took before.
        if record.has_step(asked.id) {
            return Ok(record);
        }
        if let By::Staff(staff) = asked.by {
            access::require_step(staff, &record, &asked.step)?;
        }
        let decision = record.standing.decide(asked.step.clone(), now.timestamp());
        let decision = decision.map_err(|refusal| refused(refusal, &asked.step, &record))?;
        let taking = Taking {
            id: asked.id,
            reference: asked.reference,
            after: record.step,
            decision: &decision,
            by: asked.by.actor(),
            reason: asked.reason,
            setback: if decision.kind == StepKind::Declined { setback } else { 0 },
        };
        if store::applications::take_step(&app.db, taking, now).await? {
            if decision.reserved + decision.occupied < 0 {
                alerts::tell_or_warn(app, now).await;
            }
            return access::read(app, asked.reference).await;
        }
        if let Step::Offer(offer) = &asked.step {
            // Read again: the same request may have been here since, and the queue may have moved.
            let current = access::read(app, asked.reference).await?;
            if current.has_step(asked.id) {
                return Ok(current);
            }
            if let Some(refusal) = why_no_offer(app, &current, &offer.place, asked.reason.is_some()).await? {
                return Err(refusal);
            }
        }
    }
    Err(ApiError::unavailable("an application kept changing"))
}

fn refused(refusal: StepRefusal, step: &Step, record: &Record) -> ApiError {
    let answered = |id: &str, kind| {
        record.steps.iter().any(|step| step.offer.as_deref() == Some(id) && step.kind == kind)
    };
    match (refusal, step) {
        (StepRefusal::OfferExpired, _) => offer_expired(),
        (StepRefusal::UnknownOffer, Step::Accept(id) | Step::Decline(id)) => {
            if answered(id, StepKind::Expired) {
                offer_expired()
            } else if answered(id, StepKind::Offered) {
                wrong_status()
            } else {
                ApiError::not_found()
            }
        }
        _ => wrong_status(),
    }
}

fn offer_expired() -> ApiError {
    ApiError::conflict(
        "offer_expired",
        Text::new("该床位的保留期限已过。", "The offer has run out: the bed is no longer kept."),
    )
}

pub(super) fn wrong_status() -> ApiError {
    ApiError::conflict(
        "wrong_status",
        Text::new("申请目前的状态不允许此操作。", "The application's status does not allow this."),
    )
}

/// Why a bed can't be offered to somebody who waits; `None` where nothing stands in the way now.
async fn why_no_offer(
    app: &App,
    record: &Record,
    place: &Place,
    has_reason: bool,
) -> ApiResult<Option<ApiError>> {
    let institution = store::institutions::read(&app.db, &place.institution).await?;
    let rooms = institution.filter(|institution| !institution.is_removed).map(|found| found.rooms);
    let room = rooms.iter().flatten().find(|room| room.room_type == place.room_type);
    let Some(room) = room.filter(|room| room.counts.available > 0) else {
        return Ok(Some(ApiError::conflict(
            "no_bed_available",
            Text::new("没有空余床位。", "No bed is available there."),
        )));
    };
    if !room.care_levels.serve(record.care_level) {
        return Ok(Some(care_level_not_served()));
    }
    let position = record.preference(place).and_then(|preference| preference.position);
    let is_behind = position.is_some_and(|position| position > 1) && !has_reason;
    Ok(is_behind.then(|| {
        ApiError::conflict(
            "not_next_in_line",
            Text::new(
                "轮候名单中有排在前面的老人;如确需优先，请填写理由。",
                "Somebody comes first in the queue; give an out_of_order_reason if this one has to come before.",
            ),
        )
    }))
}

fn care_level_not_served() -> ApiError {
    ApiError::conflict(
        "care_level_not_served",
        Text::new("该房型不收住此照护等级。", "These rooms do not serve the care level."),
    )
}
