//! Applications as answers show them.

use shared::{
    instant::Instant,
    privacy::Keys,
    problem::{ApiError, ApiResult},
};

use super::{
    Applicant, Application, ApplicationLinks, OfferStatus, OfferView, Position, Secret, TimelineStep,
};
use crate::{
    domain::{Record, Standing, StepKind, Taken},
    wire::place,
};

/// What of an application somebody gets to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The applicant: masked, and of staff only that they are staff.
    Owner,
    /// Staff in lists, and in answers that are kept: masked.
    Masked,
    /// Staff who look at it.
    Whole,
}

impl Sight {
    fn of(self, secret: Secret) -> Secret {
        if self == Self::Whole { secret } else { secret.masked() }
    }
}

impl Application {
    /// The application that a record is.
    ///
    /// # Errors
    /// The applicant was sealed under another key, or is unreadable.
    pub fn of(record: &Record, keys: &Keys, sight: Sight, now: i64) -> ApiResult<Self> {
        let sealed = place("application", "applicant", &record.reference);
        let bytes = keys.open(sealed, &record.applicant).map_err(ApiError::internal)?;
        let secret =
            serde_json::from_slice(&bytes).map_err(|_| ApiError::internal("an unreadable applicant"))?;
        let Secret { name, id_number, phone } = sight.of(secret);
        let offers = OfferView::of(record, now);
        let base = format!("/api/v1/beds/applications/{}", record.reference);
        let open = offers.iter().find(|offer| offer.status == OfferStatus::Open);
        let link = |what: &str| open.map(|offer| format!("{base}/offers/{}/{what}", offer.id));
        let can_be_withdrawn =
            matches!(record.standing, Standing::Waiting | Standing::Offered(_) | Standing::Accepted(_));
        let positions = record.positions.iter().map(|place| Position {
            institution_id: place.institution.clone(),
            institution_name: place.name.clone(),
            room_type: place.room_type,
            position: place.position,
        });
        Ok(Self {
            reference: record.reference.clone(),
            token: None,
            status: record.standing.status(),
            applicant: Applicant {
                name,
                id_number,
                phone,
                division_code: record.division,
                care_level: record.care_level,
                assessed_on: record.assessed_on.clone(),
            },
            positions: positions.collect(),
            timeline: record.steps.iter().map(|step| TimelineStep::of(step, sight)).collect(),
            created_at: Instant::at(record.created_at),
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
}

impl TimelineStep {
    fn of(step: &Taken, sight: Sight) -> Self {
        let is_hidden = sight == Sight::Owner && !matches!(step.by.as_str(), "citizen" | "system");
        Self {
            step: step.kind,
            at: Instant::at(step.at),
            by: if is_hidden { "staff".to_owned() } else { step.by.clone() },
            institution_id: step.institution.clone(),
            room_type: step.room_type,
        }
    }
}

impl OfferView {
    /// Every offer of an application, in order.
    #[must_use]
    pub fn of(record: &Record, now: i64) -> Vec<Self> {
        let made = record.steps.iter().enumerate().filter(|(_, step)| step.kind == StepKind::Offered);
        made.filter_map(|(n, step)| {
            let expires_at = step.expires_at?;
            // What comes next in the timeline is what became of it.
            let status = match record.steps.get(n + 1).map(|next| next.kind) {
                Some(StepKind::Accepted) => OfferStatus::Accepted,
                Some(StepKind::Declined) => OfferStatus::Declined,
                Some(StepKind::Withdrawn) => OfferStatus::Withdrawn,
                None if now < expires_at => OfferStatus::Open,
                _ => OfferStatus::Expired,
            };
            Some(Self {
                id: step.offer.clone()?,
                application: record.reference.clone(),
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
}
