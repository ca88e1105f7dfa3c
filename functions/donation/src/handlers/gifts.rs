//! A pledge as answers show it.

use serde_json::json;
use shared::{
    audit,
    auth::{Credential, Staff, Visitor},
    instant::Instant,
    privacy::Place,
    problem::{ApiError, ApiResult},
};

use super::MANAGERS;
use crate::{
    app::App,
    domain::{Line, PledgeStatus},
    store::{
        self,
        pledges::{Stored, Taken},
    },
    wire::{
        DispatchItem, DispatchView, Donor, Pledge, PledgeItem, PledgeLinks, ReceiptLink, Secret, TimelineStep,
    },
};

/// The pledge, for its giver or a manager of its area.
pub(super) async fn open(
    app: &App,
    credential: &Credential,
    reference: &str,
) -> ApiResult<(Visitor, Stored)> {
    let bearer = credential.bearer(&app.staff, MANAGERS)?;
    let stored = read(app, reference).await?;
    Ok((bearer.open((&stored.token_hash, &stored.division))?, stored))
}

/// A manager of the pledge's area.
pub(super) async fn manager_of(app: &App, credential: &Credential, reference: &str) -> ApiResult<Staff> {
    let staff = super::manager(app, credential)?;
    staff.require_area(&read(app, reference).await?.division)?;
    Ok(staff)
}

pub(super) async fn read(app: &App, reference: &str) -> ApiResult<Stored> {
    store::pledges::read(&app.db, reference).await?.ok_or_else(ApiError::not_found)
}

/// Where a pledge's secret is sealed.
pub(super) fn place(reference: &str) -> Place<'_> {
    Place { table: "pledge", column: "donor", row: reference }
}

/// The pledge as the visitor may see it; a manager's look at the giver is noted before it is answered.
pub(super) async fn show(app: &App, visitor: &Visitor, stored: &Stored) -> ApiResult<Pledge> {
    match visitor {
        Visitor::Owner => view(app, stored, Donor::masked, |_| "staff".to_owned()),
        Visitor::Staff(staff) => {
            let entry = (staff.subject.as_str(), "pledge.read_unmasked", stored.reference.as_str());
            audit::append(&app.db, chrono::Utc::now(), entry, &json!({"area": staff.area})).await?;
            view(app, stored, Donor::unmasked, str::to_owned)
        }
    }
}

/// The pledge with its giver masked, for lists.
pub(super) fn masked(app: &App, stored: &Stored) -> ApiResult<Pledge> {
    view(app, stored, Donor::masked, str::to_owned)
}

fn view(
    app: &App,
    stored: &Stored,
    donor: impl Fn(&Secret) -> Donor,
    staff: impl Fn(&str) -> String,
) -> ApiResult<Pledge> {
    let bytes = app.keys.open(place(&stored.reference), &stored.donor).map_err(ApiError::internal)?;
    let secret: Secret =
        serde_json::from_slice(&bytes).map_err(|_| ApiError::internal("an unreadable giver"))?;
    let note = |item| secret.notes.iter().find(|(noted, _)| *noted == item).map(|(_, note)| note.clone());
    let items = stored.gift.amounts.iter().map(|(item, amounts)| PledgeItem {
        item: *item,
        unit: item.unit(),
        note: note(*item),
        pledged: amounts.pledged,
        received: amounts.received,
        sorted: amounts.sorted,
        dispatched: amounts.dispatched,
        delivered: amounts.delivered,
    });
    let by = |by: &str| if by == "citizen" { by.to_owned() } else { staff(by) };
    let base = format!("/api/v1/donation/pledges/{}", stored.reference);
    Ok(Pledge {
        reference: stored.reference.clone(),
        token: None,
        status: stored.gift.status,
        items: items.collect(),
        donor: donor(&secret),
        timeline: stored.steps.iter().map(|step| timeline_step(step, by(&step.by))).collect(),
        dispatches: stored.steps.iter().filter_map(|step| dispatch(step, &stored.steps)).collect(),
        receipt: stored
            .receipt
            .clone()
            .map(|number| ReceiptLink { url: format!("/api/v1/donation/receipts/{number}"), number }),
        links: PledgeLinks {
            cancel: (stored.gift.status == PledgeStatus::Pledged).then(|| format!("{base}/cancel")),
            this: base,
        },
        point: stored.point.head.clone(),
    })
}

fn timeline_step(step: &Taken, by: String) -> TimelineStep {
    let is_dispatch = step.kind == PledgeStatus::Dispatched;
    TimelineStep {
        step: step.kind,
        at: Instant::at(step.at),
        by,
        place: step.place.clone(),
        items: step.lines.clone(),
        dispatch: step.dispatch.clone().or_else(|| is_dispatch.then(|| step.id.clone())),
    }
}

fn dispatch(step: &Taken, steps: &[Taken]) -> Option<DispatchView> {
    let destination = step.destination.clone()?;
    let arrival = steps.iter().find(|other| other.dispatch.as_ref() == Some(&step.id));
    let arrived = |item| {
        let lines: &[Line] = arrival.map_or(&[], |arrival| arrival.lines.as_slice());
        lines.iter().find(|line| line.item == item).map_or(0, |line| line.quantity)
    };
    let items = step.lines.iter().map(|line| DispatchItem {
        item: line.item,
        quantity: line.quantity,
        delivered: arrived(line.item),
    });
    Some(DispatchView {
        id: step.id.clone(),
        destination,
        division_code: step.destination_division.clone(),
        items: items.collect(),
        dispatched_at: Instant::at(step.at),
        delivered_at: arrival.map(|arrival| Instant::at(arrival.at)),
    })
}
