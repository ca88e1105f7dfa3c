use serde::Deserialize;
use shared::divisions::DivisionCode;

use super::{CareLevel, Place, RoomType, Standing, StepKind};

/// An application as it is kept. Has no `Debug`, as what it seals.
pub struct Record {
    /// Its number: the order in which they came.
    pub no: i64,
    /// Its public name.
    pub reference: String,
    /// The hash of its token.
    pub token_hash: String,
    /// Where the household is registered.
    pub division: DivisionCode,
    /// The care level.
    pub care_level: CareLevel,
    /// The day of the assessment, once staff have seen its result.
    pub assessed_on: Option<String>,
    /// Who, sealed.
    pub applicant: Vec<u8>,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
    /// The number of its last step.
    pub step: i64,
    /// How far it has come.
    pub standing: Standing,
    /// The type of the room of its offer or bed, also where that is over.
    pub room_type: Option<RoomType>,
    /// Where it waits, in the applicant's order.
    pub positions: Vec<Preference>,
    /// What happened, in order.
    pub steps: Vec<Taken>,
}

impl Record {
    /// Whether a step with this id was taken.
    #[must_use]
    pub fn has_step(&self, id: &str) -> bool {
        self.steps.iter().any(|taken| taken.id == id)
    }

    /// The preference for rooms of one type in one home.
    #[must_use]
    pub fn preference(&self, place: &Place) -> Option<&Preference> {
        let is_there =
            |one: &&Preference| one.institution == place.institution && one.room_type == place.room_type;
        self.positions.iter().find(is_there)
    }
}

/// A preference, and its place in the queue while it waits.
#[derive(Deserialize)]
pub struct Preference {
    /// The home's id.
    pub institution: String,
    /// Its name.
    pub name: String,
    /// Its division.
    pub division_code: DivisionCode,
    /// The room type.
    pub room_type: RoomType,
    /// 1 is next.
    pub position: Option<i64>,
}

/// One step that was taken.
#[derive(Clone, Deserialize)]
pub struct Taken {
    /// Its own id.
    pub id: String,
    /// What happened.
    pub kind: StepKind,
    /// When, in Unix seconds.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// The offer that was made or answered.
    pub offer: Option<String>,
    /// The home.
    pub institution: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The room type there.
    pub room_type: Option<RoomType>,
    /// Of an offer: until when, in Unix seconds.
    pub expires_at: Option<i64>,
}
