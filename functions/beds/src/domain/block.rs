use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    geo::Position,
    map::{Facts, Item, NewItem, Pack},
};

use super::{CareLevels, Counts, Features, Ownership, RoomType};

/// What a search looks at in an institution, beside its rooms and its text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeFacts {
    /// Where it is.
    pub location: Position,
    /// Its division.
    pub division: DivisionCode,
    /// Who owns it.
    pub ownership: Ownership,
    /// What it offers.
    pub features: Features,
}

/// Rooms of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// The type.
    pub room_type: RoomType,
    /// Whom they suit.
    pub care_levels: CareLevels,
    /// What a bed costs a month.
    pub monthly_fen: i64,
    /// The beds.
    pub counts: Counts,
}

/// The institutions of a group of cells, with their rooms as parts.
pub type Block = Pack<HomeFacts>;

/// An institution of a block.
pub type BlockHome<'a> = Item<'a, HomeFacts>;

/// An institution on its way into a block.
pub type NewEntry = NewItem<HomeFacts>;

impl Facts for HomeFacts {
    type Part = Room;

    const NAME: &'static str = "institutions";
    // Raise it also where `wire::Head` writes other JSON, or `Counts` or a kind of room or feature changes.
    const FORMAT: u32 = 1;

    fn location(&self) -> Position {
        self.location
    }

    fn division(&self) -> &DivisionCode {
        &self.division
    }
}
