//! The way to a bed: waiting → offered → accepted → admitted → discharged, or withdrawn before that.
//!
//! # Design
//! One function decides a step from what is known of the application; the statement that writes it refuses where another
//! step came in between or the bed is gone, and then it is decided again. A step says what it adds to the counts of its
//! room, so that a bed is reserved by an open offer, occupied by whoever accepted it, and free otherwise.

use serde::{Deserialize, Serialize};
use shared::input::word_of;
use utoipa::ToSchema;

use super::RoomType;

/// 状态 · How far an application has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationStatus {
    /// 轮候中 · In the queue of each preference.
    Waiting,
    /// 待确认 · A bed is kept, until the offer runs out.
    Offered,
    /// 待入住 · The offer was accepted: the bed is taken.
    Accepted,
    /// 已入住 · Moved in.
    Admitted,
    /// 已撤回 · Taken back before moving in.
    Withdrawn,
    /// 已退住 · Moved out.
    Discharged,
}

impl ApplicationStatus {
    /// Every status with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("waiting", Self::Waiting),
        ("offered", Self::Offered),
        ("accepted", Self::Accepted),
        ("admitted", Self::Admitted),
        ("withdrawn", Self::Withdrawn),
        ("discharged", Self::Discharged),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// 步骤 · What happened to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// 已申请 · It was made.
    Made,
    /// 已通知 · A bed was offered.
    Offered,
    /// 已接受 · The offer was accepted.
    Accepted,
    /// 已谢绝 · The offer was declined.
    Declined,
    /// 已逾期 · The offer ran out.
    Expired,
    /// 已撤回 · The application was taken back.
    Withdrawn,
    /// 已入住 · The elder moved in.
    Admitted,
    /// 已退住 · The elder moved out.
    Discharged,
}

impl StepKind {
    /// Every kind with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("made", Self::Made),
        ("offered", Self::Offered),
        ("accepted", Self::Accepted),
        ("declined", Self::Declined),
        ("expired", Self::Expired),
        ("withdrawn", Self::Withdrawn),
        ("admitted", Self::Admitted),
        ("discharged", Self::Discharged),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// Rooms of one type in one home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The home's id.
    pub institution: String,
    /// The type.
    pub room_type: RoomType,
}

/// A bed that is kept for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Where.
    pub place: Place,
    /// Until when, in Unix seconds; no longer at that instant.
    pub expires_at: i64,
}

/// What is known of an application when a step is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In the queue.
    Waiting,
    /// With an offer that is open, or has run out and was not noted yet.
    Offered(Offer),
    /// With a bed that was accepted.
    Accepted(Place),
    /// In a bed.
    Admitted(Place),
    /// Over.
    Withdrawn,
    /// Over.
    Discharged,
}

/// What is to happen to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Staff offer a bed.
    Offer(Offer),
    /// The elder, or staff for them, accepts the offer of this id.
    Accept(String),
    /// Or declines it.
    Decline(String),
    /// The offer ran out.
    Expire,
    /// The elder, or staff for them, takes the application back.
    Withdraw,
    /// The elder moved in.
    Admit,
    /// The elder moved out.
    Discharge,
}

impl Step {
    /// What it is called once it is taken.
    #[must_use]
    pub fn kind(&self) -> StepKind {
        match self {
            Self::Offer(_) => StepKind::Offered,
            Self::Accept(_) => StepKind::Accepted,
            Self::Decline(_) => StepKind::Declined,
            Self::Expire => StepKind::Expired,
            Self::Withdraw => StepKind::Withdrawn,
            Self::Admit => StepKind::Admitted,
            Self::Discharge => StepKind::Discharged,
        }
    }
}

/// A step that may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The step.
    pub kind: StepKind,
    /// The status that it leaves behind.
    pub status: ApplicationStatus,
    /// The offer that it makes or answers.
    pub offer: Option<Offer>,
    /// The room whose counts it changes.
    pub place: Option<Place>,
    /// What it adds to the reserved beds there.
    pub reserved: i64,
    /// What it adds to the occupied beds there.
    pub occupied: i64,
}

/// Why a step may not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepRefusal {
    /// The application isn't where the step begins.
    WrongStatus,
    /// The offer has run out.
    OfferExpired,
    /// It has no such offer now.
    UnknownOffer,
}

impl Standing {
    /// Its word.
    #[must_use]
    pub fn status(&self) -> ApplicationStatus {
        match self {
            Self::Waiting => ApplicationStatus::Waiting,
            Self::Offered(_) => ApplicationStatus::Offered,
            Self::Accepted(_) => ApplicationStatus::Accepted,
            Self::Admitted(_) => ApplicationStatus::Admitted,
            Self::Withdrawn => ApplicationStatus::Withdrawn,
            Self::Discharged => ApplicationStatus::Discharged,
        }
    }

    /// The room of the offer or the bed.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Offered(offer) => Some(&offer.place),
            Self::Accepted(place) | Self::Admitted(place) => Some(place),
            Self::Waiting | Self::Withdrawn | Self::Discharged => None,
        }
    }

    /// Decides a step.
    ///
    /// # Errors
    /// Why it may not be taken.
    pub fn decide(&self, step: Step, now: i64) -> Result<Decision, StepRefusal> {
        use ApplicationStatus as To;
        match (self, step) {
            (Self::Waiting, Step::Offer(offer)) => Ok(answer(StepKind::Offered, To::Offered, &offer, (1, 0))),
            (Self::Offered(offer), Step::Accept(id)) => {
                open(offer, &id, now)?;
                Ok(answer(StepKind::Accepted, To::Accepted, offer, (-1, 1)))
            }
            (Self::Offered(offer), Step::Decline(id)) => {
                open(offer, &id, now)?;
                Ok(answer(StepKind::Declined, To::Waiting, offer, (-1, 0)))
            }
            (Self::Offered(offer), Step::Expire) if offer.expires_at <= now => {
                Ok(answer(StepKind::Expired, To::Waiting, offer, (-1, 0)))
            }
            (Self::Offered(offer), Step::Withdraw) => {
                Ok(answer(StepKind::Withdrawn, To::Withdrawn, offer, (-1, 0)))
            }
            (Self::Waiting, Step::Withdraw) => Ok(done(StepKind::Withdrawn, To::Withdrawn, None, 0)),
            (Self::Accepted(place), Step::Withdraw) => {
                Ok(done(StepKind::Withdrawn, To::Withdrawn, Some(place), -1))
            }
            (Self::Accepted(place), Step::Admit) => {
                Ok(done(StepKind::Admitted, To::Admitted, Some(place), 0))
            }
            (Self::Admitted(place), Step::Discharge) => {
                Ok(done(StepKind::Discharged, To::Discharged, Some(place), -1))
            }
            (_, Step::Accept(_) | Step::Decline(_)) => Err(StepRefusal::UnknownOffer),
            _ => Err(StepRefusal::WrongStatus),
        }
    }
}

fn open(offer: &Offer, id: &str, now: i64) -> Result<(), StepRefusal> {
    if offer.id != id {
        return Err(StepRefusal::UnknownOffer);
    }
    if offer.expires_at <= now { Err(StepRefusal::OfferExpired) } else { Ok(()) }
}

fn answer(
    kind: StepKind,
    status: ApplicationStatus,
    offer: &Offer,
    (reserved, occupied): (i64, i64),
) -> Decision {
    let place = Some(offer.place.clone());
    Decision { kind, status, offer: Some(offer.clone()), place, reserved, occupied }
}

fn done(kind: StepKind, status: ApplicationStatus, place: Option<&Place>, occupied: i64) -> Decision {
    Decision { kind, status, offer: None, place: place.cloned(), reserved: 0, occupied }
}

#[cfg(test)]
mod tests;
