//! The institutions of a group of cells, as the key-value store and the instances keep them.
//!
//! # Design
//! A search looks at hundreds of institutions to answer with twenty. So one is a few numbers, its rooms lie with those of
//! its neighbours in one list, and its text in one string, JSON already.

use std::mem::size_of;

use serde::{Deserialize, Serialize};
use shared::{
    copies::{self, between, end_of},
    divisions::DivisionCode,
    geo::Position,
};

use super::{CareLevels, Counts, Features, Ownership, RoomType};

/// An institution on its way into a block.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// Its cell.
    pub cell: String,
    /// Its id.
    pub id: String,
    /// Where it is.
    pub location: Position,
    /// Its division.
    pub division: DivisionCode,
    /// Who owns it.
    pub ownership: Ownership,
    /// What it offers.
    pub features: Features,
    /// Its rooms.
    pub rooms: Vec<Room>,
    /// What free text is looked for in, as [`narrow`](shared::width::narrow) makes it.
    pub words: String,
    /// What no clock changes but the rooms, as a JSON object.
    pub head: String,
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

/// The institutions of a group of cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The version of its newest cell when it was read.
    version: i64,
    /// The id, cell, words and head of each institution in turn.
    text: String,
    /// The rooms of each institution in turn.
    rooms: Vec<Room>,
    entries: Vec<Entry>,
}

/// One institution, and where its parts end; they begin where those of the one before end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    location: Position,
    division: DivisionCode,
    ownership: Ownership,
    features: Features,
    id_end: u32,
    cell_end: u32,
    words_end: u32,
    head_end: u32,
    rooms_end: u32,
}

/// An institution of a block.
#[derive(Clone, Copy, Debug)]
pub struct BlockHome<'a> {
    block: &'a Block,
    index: usize,
    entry: &'a Entry,
}

impl Block {
    /// Collects institutions into a block.
    #[must_use]
    pub fn new(version: i64, mut homes: Vec<NewEntry>) -> Self {
        homes.sort_unstable_by(|a, b| (&a.cell, &a.id).cmp(&(&b.cell, &b.id)));
        let mut block = Self { version, text: String::new(), rooms: Vec::new(), entries: Vec::new() };
        for home in homes {
            let mut add = |text: &str| {
                block.text.push_str(text);
                end_of(block.text.len())
            };
            let (id_end, cell_end) = (add(&home.id), add(&home.cell));
            let (words_end, head_end) = (add(&home.words), add(&home.head));
            block.rooms.extend(home.rooms);
            block.entries.push(Entry {
                location: home.location,
                division: home.division,
                ownership: home.ownership,
                features: home.features,
                id_end,
                cell_end,
                words_end,
                head_end,
                rooms_end: end_of(block.rooms.len()),
            });
        }
        block
    }

    /// Its institutions, by cell and id.
    pub fn homes(&self) -> impl Iterator<Item = BlockHome<'_>> {
        self.entries.iter().enumerate().map(|(index, entry)| BlockHome { block: self, index, entry })
    }

    /// One of its institutions.
    #[must_use]
    pub fn home(&self, index: usize) -> Option<BlockHome<'_>> {
        self.entries.get(index).map(|entry| BlockHome { block: self, index, entry })
    }
}

impl copies::Block for Block {
    const NAME: &'static str = "institutions";
    // Raise it also where `wire::Head` writes other JSON, or `Counts` or a kind of room or feature changes.
    const FORMAT: u32 = 1;

    fn version(&self) -> i64 {
        self.version
    }

    fn bytes(&self) -> usize {
        self.text.len() + self.entries.len() * size_of::<Entry>() + self.rooms.len() * size_of::<Room>()
    }
}

impl<'a> BlockHome<'a> {
    /// Its number in the block.
    #[must_use]
    pub fn index(self) -> usize {
        self.index
    }

    /// Where it is.
    #[must_use]
    pub fn location(self) -> Position {
        self.entry.location
    }

    /// Its division.
    #[must_use]
    pub fn division(self) -> &'a DivisionCode {
        &self.entry.division
    }

    /// Who owns it.
    #[must_use]
    pub fn ownership(self) -> Ownership {
        self.entry.ownership
    }

    /// What it offers.
    #[must_use]
    pub fn features(self) -> Features {
        self.entry.features
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> &'a str {
        self.text(self.before().map_or(0, |before| before.head_end), self.entry.id_end)
    }

    /// Its cell.
    #[must_use]
    pub fn cell(self) -> &'a str {
        self.text(self.entry.id_end, self.entry.cell_end)
    }

    /// What free text is looked for in.
    #[must_use]
    pub fn words(self) -> &'a str {
        self.text(self.entry.cell_end, self.entry.words_end)
    }

    /// What no clock changes but the rooms, as a JSON object.
    #[must_use]
    pub fn head(self) -> &'a str {
        self.text(self.entry.words_end, self.entry.head_end)
    }

    /// Its rooms.
    #[must_use]
    pub fn rooms(self) -> &'a [Room] {
        let range = between(self.before().map_or(0, |before| before.rooms_end), self.entry.rooms_end);
        self.block.rooms.get(range).unwrap_or_default()
    }

    fn before(self) -> Option<&'a Entry> {
        self.block.entries.get(self.index.checked_sub(1)?)
    }

    fn text(self, from: u32, to: u32) -> &'a str {
        self.block.text.get(between(from, to)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::copies::Block as _;

    use super::*;
    use crate::domain::{CareLevel, Feature};

    fn entry(n: usize, (lat, lon): (f64, f64), rooms: usize) -> NewEntry {
        let counts = Counts {
            maximum: 9,
            occupied: 4,
            reserved: 1,
            available: 4,
            confirmed_at: 5,
            updated_at: 6,
            version: 7,
        };
        let room = |(_, room_type): &(&str, RoomType)| Room {
            room_type: *room_type,
            care_levels: CareLevels::new(&CareLevel::ALL[..n % 7]),
            monthly_fen: 100,
            counts,
        };
        NewEntry {
            cell: "wtw3sj".to_owned(),
            id: format!("h{n:03}"),
            location: Position { lat, lon },
            division: DivisionCode::parse("310101002").unwrap(),
            ownership: Ownership::Private,
            features: Features::new(&[Feature::Meals]),
            rooms: RoomType::WORDS.iter().take(rooms).map(room).collect(),
            words: format!("院{n}"),
            head: format!("{{\"name\":\"院{n}\"}}"),
        }
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out_also_after_it_was_bytes(
            places in prop::collection::vec((30.0..32.0_f64, 120.0..122.0_f64, 0..5_usize), 0..30)
        ) {
            let entries: Vec<_> =
                places.iter().enumerate().map(|(n, (lat, lon, rooms))| entry(n, (*lat, *lon), *rooms)).collect();
            let block = Block::new(3, entries.clone());
            let read = Block::from_copy(&block.to_copy().unwrap());
            prop_assert_eq!(read.as_ref(), Some(&block));
            for (home, entry) in block.homes().zip(&entries) {
                prop_assert_eq!((home.id(), home.cell()), (&*entry.id, &*entry.cell));
                prop_assert_eq!((home.words(), home.head()), (&*entry.words, &*entry.head));
                prop_assert_eq!(home.rooms(), &*entry.rooms);
                prop_assert_eq!(home.location(), entry.location);
            }
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            if let Some(block) = Block::from_copy(&bytes) {
                for home in block.homes() {
                    prop_assert!(home.id().len() + home.head().len() <= 2 * bytes.len());
                    prop_assert!(home.rooms().len() <= bytes.len());
                }
            }
        }
    }
}
