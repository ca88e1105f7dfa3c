//! Applications as they are stored, and as answers show them.

use beds::{
    domain::{CareLevel, Offer, Place, RoomType, Standing, StepKind},
    wire::{
        Applicant, Application, ApplicationLinks, OfferStatus, OfferView, Position, Secret, TimelineStep,
    },
};
use rusqlite::Row;
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    instant::Instant,
    privacy::{self, Keys},
    problem::{ApiError, ApiResult},
};

use super::super::{json, word};

pub(super) struct Stored {
    pub(super) reference: String,
    pub(super) token_hash: String,
    division: DivisionCode,
    care_level: CareLevel,
    assessed_on: Option<String>,
    applicant: Vec<u8>,
    created_at: i64,
    pub(super) step: i64,
    pub(super) standing: Standing,
    pub(super) positions: Vec<At>,
    steps: Vec<Taken>,
}

/// A preference, and its place in the queue.
#[derive(Deserialize)]
pub(super) struct At {
    institution: String,
    name: String,
    pub(super) division_code: DivisionCode,
    room_type: RoomType,
    position: Option<i64>,
}

#[derive(Deserialize)]
struct Taken {
    kind: StepKind,
    at: i64,
    by: String,
    offer: Option<String>,
    institution: Option<String>,
    name: Option<String>,
    room_type: Option<RoomType>,
    expires_at: Option<i64>,
}

/// Where an applicant is sealed.
pub(super) fn sealed(reference: &str) -> privacy::Place<'_> {
    privacy::Place { table: "application", column: "applicant", row: reference }
}

impl At {
    pub(super) fn is_at(&self, place: &Place) -> bool {
        self.institution == place.institution && self.room_type == place.room_type
    }
}

impl Stored {
    pub(super) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let place = || -> rusqlite::Result<Place> {
            Ok(Place { institution: row.get("institution")?, room_type: word(row, "room_type")? })
        };
        let standing = match row.get_ref("status")?.as_str()? {
            "waiting" => Standing::Waiting,
            "offered" => Standing::Offered(Offer {
                id: row.get("offer")?,
                place: place()?,
                expires_at: row.get("expires_at")?,
            }),
            "accepted" => Standing::Accepted(place()?),
            "admitted" => Standing::Admitted(place()?),
            "withdrawn" => Standing::Withdrawn,
            _ => Standing::Discharged,
        };
        Ok(Self {
            reference: row.get("reference")?,
            token_hash: row.get("token_hash")?,
            division: word(row, "division_code")?,
            care_level: CareLevel::new(row.get("care_level")?).ok_or(rusqlite::Error::InvalidQuery)?,
            assessed_on: row.get("assessed_on")?,
            applicant: row.get("applicant")?,
            created_at: row.get("created_at")?,
            step: row.get("step")?,
            standing,
            positions: json(row, "positions")?,
            steps: json(row, "steps")?,
        })
    }

    /// As its applicant sees it.
    pub(super) fn masked(&self, keys: &Keys, now: i64) -> ApiResult<Application> {
        let bytes = keys.open(sealed(&self.reference), &self.applicant).map_err(ApiError::internal)?;
        let secret: Secret = serde_json::from_slice(&bytes).map_err(ApiError::internal)?;
        let Secret { name, id_number, phone } = secret.masked();
        let offers = self.offers(now);
        let base = format!("/api/v1/beds/applications/{}", self.reference);
        let open = offers.iter().find(|offer| offer.status == OfferStatus::Open);
        let link = |what: &str| open.map(|offer| format!("{base}/offers/{}/{what}", offer.id));
        let can_be_withdrawn =
            matches!(self.standing, Standing::Waiting | Standing::Offered(_) | Standing::Accepted(_));
        let positions = self.positions.iter().map(|at| Position {
            institution_id: at.institution.clone(),
            institution_name: at.name.clone(),
            room_type: at.room_type,
            position: at.position,
        });
        let timeline = self.steps.iter().map(|step| TimelineStep {
            step: step.kind,
            at: Instant::at(step.at),
            by: if matches!(&*step.by, "citizen" | "system") { &step.by } else { "staff" }.to_owned(),
            institution_id: step.institution.clone(),
            room_type: step.room_type,
        });
        Ok(Application {
            reference: self.reference.clone(),
            token: None,
            status: self.standing.status(),
            applicant: Applicant {
                name,
                id_number,
                phone,
                division_code: self.division,
                care_level: self.care_level,
                assessed_on: self.assessed_on.clone(),
            },
            positions: positions.collect(),
            timeline: timeline.collect(),
            created_at: Instant::at(self.created_at),
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

    /// Every offer, in order.
    pub(super) fn offers(&self, now: i64) -> Vec<OfferView> {
        let made = self.steps.iter().enumerate().filter(|(_, step)| step.kind == StepKind::Offered);
        made.filter_map(|(n, step)| {
            let expires_at = step.expires_at?;
            let status = match self.steps.get(n + 1).map(|next| next.kind) {
                Some(StepKind::Accepted) => OfferStatus::Accepted,
                Some(StepKind::Declined) => OfferStatus::Declined,
                Some(StepKind::Withdrawn) => OfferStatus::Withdrawn,
                None if now < expires_at => OfferStatus::Open,
                _ => OfferStatus::Expired,
            };
            Some(OfferView {
                id: step.offer.clone()?,
                application: self.reference.clone(),
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
