use serde::{Deserialize, Serialize};
use shared::{divisions::DivisionCode, geo::Position, opening_hours::OpeningHours};

use super::ItemStatus;

/// The points of a group of cells, as the key-value store keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The version of its newest cell when it was read.
    pub version: i64,
    /// The different opening hours of its points.
    pub hours: Vec<OpeningHours>,
    /// Its points, by cell and id.
    pub points: Vec<Entry>,
}

/// One point of a [`Block`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its cell.
    pub cell: String,
    /// Its id.
    pub id: String,
    /// Where it is.
    pub location: Position,
    /// Its division.
    #[serde(with = "digits")]
    pub division: DivisionCode,
    /// Which of the block's opening hours it has.
    pub hours: u32,
    /// What it says of the items.
    pub items: Vec<ItemStatus>,
    /// When it was last confirmed, in Unix seconds.
    pub confirmed_at: i64,
    /// The part of its JSON that no clock changes: an object.
    pub head: String,
}

impl Block {
    /// Collects points into a block.
    #[must_use]
    pub fn new(version: i64, points: impl IntoIterator<Item = (Entry, OpeningHours)>) -> Self {
        let mut block = Self { version, hours: Vec::new(), points: Vec::new() };
        for (mut entry, hours) in points {
            let known = block.hours.iter().position(|other| *other == hours);
            let at = known.unwrap_or(block.hours.len());
            if known.is_none() {
                block.hours.push(hours);
            }
            entry.hours = u32::try_from(at).unwrap_or(u32::MAX);
            block.points.push(entry);
        }
        block.points.sort_unstable_by(|a, b| (&a.cell, &a.id).cmp(&(&b.cell, &b.id)));
        block
    }

    /// The opening hours of one of its points.
    #[must_use]
    pub fn hours_of(&self, entry: &Entry) -> Option<&OpeningHours> {
        self.hours.get(usize::try_from(entry.hours).ok()?)
    }

    /// The bytes for the key-value store.
    ///
    /// # Errors
    /// None in practice: every part has a binary form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// The block in bytes; `None` where they are of another form, such as an older version's.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// A division code as text, without the detour through an owned string.
mod digits {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use shared::divisions::DivisionCode;

    pub(super) fn serialize<S: Serializer>(code: &DivisionCode, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(code.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DivisionCode, D::Error> {
        DivisionCode::parse(<&str>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
