//! Applications as answers show them.

use serde_json::json;
use shared::{
    audit,
    auth::Visitor,
    instant::Instant,
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    domain::{Standing, StepKind},
    store::applications::{Stored, Taken},
    wire::{
        Applicant, Application, ApplicationLinks, OfferStatus, OfferView, Position, Secret, TimelineStep,
        place,
    },
};

/// The application as the visitor may see it; a manager's look at the applicant is noted before it is answered.
pub(super) async fn show(app: &App, visitor: &Visitor, stored: &Stored, now: i64) -> ApiResult<Application> {
    match visitor {
        Visitor::Owner => view(app, stored, |secret| secret.masked(), |_| "staff", now),
        Visitor::Staff(staff) => {
            let entry = (staff.subject.as_str(), "application.read_unmasked", stored.reference.as_str());
            let detail = json!({"area": staff.area, "institution": staff.institution});
            audit::append(&app.db, chrono::Utc::now(), entry, &detail).await?;
            view(app, stored, |secret| secret, |by| by, now)
        }
    }
}

/// The application with its applicant masked, for lists and for answers that are kept.
pub(super) fn masked(app: &App, visitor: &Visitor, stored: &Stored, now: i64) -> ApiResult<Application> {
    let by = |by| if matches!(visitor, Visitor::Owner) { "staff" } else { by };
    view(app, stored, |secret| secret.masked(), by, now)
}

fn view<'a>(
    app: &App,
    stored: &'a Stored,
    applicant: impl Fn(Secret) -> Secret,
    staff: impl Fn(&'a str) -> &'a str,
    now: i64,
) -> ApiResult<Application> {
    let sealed = place("application", "applicant", &stored.reference);
    let bytes = app.keys.open(sealed, &stored.applicant).map_err(ApiError::internal)?;
    let secret = serde_json::from_slice(&bytes).map_err(|_| ApiError::internal("an unreadable applicant"))?;
    let Secret { name, id_number, phone } = applicant(secret);
    let offers = offers(stored, now);
    let base = format!("/api/v1/beds/applications/{}", stored.reference);
    let open = offers.iter().find(|offer| offer.status == OfferStatus::Open);
    let link = |what: &str| open.map(|offer| format!("{base}/offers/{}/{what}", offer.id));
    let can_be_withdrawn =
        matches!(stored.standing, Standing::Waiting | Standing::Offered(_) | Standing::Accepted(_));
    let positions = stored.positions.iter().map(|place| Position {
        institution_id: place.institution.clone(),
        institution_name: place.name.clone(),
        room_type: place.room_type,
        position: place.position,
    });
    Ok(Application {
        reference: stored.reference.clone(),
        token: None,
        status: stored.standing.status(),
        applicant: Applicant {
            name,
            id_number,
            phone,
            division_code: stored.division,
            care_level: stored.care_level,
            assessed_on: stored.assessed_on.clone(),
        },
        positions: positions.collect(),
        timeline: stored.steps.iter().map(|step| timeline_step(step, &staff)).collect(),
        created_at: Instant::at(stored.created_at),
        links: ApplicationLinks {
            withdraw: can_be_withdrawn.then(|| format!("{base}/withdraw")),
            accept: link("accept"),
            decline: link("decline"),
            this: base,
        },
        offer: offers.last().cloned(),
        offers,
    })
}

fn timeline_step<'a>(step: &'a Taken, staff: impl Fn(&'a str) -> &'a str) -> TimelineStep {
    let by = step.by.as_str();
    TimelineStep {
        step: step.kind,
        at: Instant::at(step.at),
        by: if matches!(by, "citizen" | "system") { by } else { staff(by) }.to_owned(),
        institution_id: step.institution.clone(),
        room_type: step.room_type,
    }
}

/// Every offer of an application, in order.
pub(super) fn offers(stored: &Stored, now: i64) -> Vec<OfferView> {
    let made = stored.steps.iter().enumerate().filter(|(_, step)| step.kind == StepKind::Offered);
    made.filter_map(|(n, step)| {
        let expires_at = step.expires_at?;
        // What comes next in the timeline is what became of it.
        let status = match stored.steps.get(n + 1).map(|next| next.kind) {
            Some(StepKind::Accepted) => OfferStatus::Accepted,
            Some(StepKind::Declined) => OfferStatus::Declined,
            Some(StepKind::Withdrawn) => OfferStatus::Withdrawn,
            None if now < expires_at => OfferStatus::Open,
            _ => OfferStatus::Expired,
        };
        Some(OfferView {
            id: step.offer.clone()?,
            application: stored.reference.clone(),
            institution_id: step.institution.clone()?,
            institution_name: step.name.clone().unwrap_or_default(),
            room_type: step.room_type?,
            status,
            made_at: Instant::at(step.at),
            expires_at: Instant::at(expires_at),
        })
    })
    .collect()
}
