//! The points of a group of cells, as the key-value store and the instances keep them.
//!
//! # Design
//! An instance keeps as many blocks as fit, and a search looks at hundreds of points to answer with twenty. So a point is
//! a few numbers; its text lies with that of its neighbours in one string, JSON already, and the opening hours, which
//! neighbours share, are kept once.

use std::mem::size_of;

use serde::{Deserialize, Serialize};
use shared::{
    copies::{self, between, end_of},
    divisions::DivisionCode,
    geo::Position,
    opening_hours::OpeningHours,
};

use super::{Item, ItemState, ItemStatus};

/// A point on its way into a block.
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
    /// When it is open.
    pub hours: OpeningHours,
    /// The same as JSON.
    pub hours_json: String,
    /// What it says of the items.
    pub items: Vec<ItemStatus>,
    /// When it was last confirmed, in Unix seconds.
    pub confirmed_at: i64,
    /// What else no clock changes, as a JSON object.
    pub head: String,
}

/// The points of a group of cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The version of its newest cell when it was read.
    pub version: i64,
    /// The different opening hours of its points, each with its JSON.
    hours: Vec<(OpeningHours, String)>,
    /// The id, cell and head of each point in turn.
    text: String,
    /// The items of each point in turn.
    items: Vec<PackedItem>,
    points: Vec<Entry>,
}

/// One point: where it is, and where its parts end; they begin where those of the point before end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    location: Position,
    #[serde(with = "digits")]
    division: DivisionCode,
    hours: u32,
    confirmed_at: i64,
    id_end: u32,
    cell_end: u32,
    head_end: u32,
    items_end: u32,
}

/// An [`ItemStatus`] in eight bytes. No end is 0; ends beyond what fits, in 2106, are the last second that does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct PackedItem {
    item: Item,
    state: ItemState,
    until: u32,
}

/// A point of a block.
#[derive(Clone, Copy, Debug)]
pub struct BlockPoint<'a> {
    block: &'a Block,
    index: usize,
    entry: &'a Entry,
}

impl Block {
    /// Collects points into a block.
    #[must_use]
    pub fn new(version: i64, mut points: Vec<NewEntry>) -> Self {
        points.sort_unstable_by(|a, b| (&a.cell, &a.id).cmp(&(&b.cell, &b.id)));
        let (hours, text, items) = (Vec::new(), String::new(), Vec::new());
        let mut block = Self { version, hours, text, items, points: Vec::new() };
        for point in points {
            block.add(point);
        }
        block
    }

    fn add(&mut self, point: NewEntry) {
        let known = self.hours.iter().position(|(hours, _)| *hours == point.hours);
        let hours = known.unwrap_or(self.hours.len());
        if known.is_none() {
            self.hours.push((point.hours, point.hours_json));
        }
        let mut add = |text: &str| {
            self.text.push_str(text);
            end_of(self.text.len())
        };
        let (id_end, cell_end, head_end) = (add(&point.id), add(&point.cell), add(&point.head));
        self.items.extend(point.items.into_iter().map(|ItemStatus { item, state, until }| PackedItem {
            item,
            state,
            until: until.map_or(0, packed),
        }));
        self.points.push(Entry {
            location: point.location,
            division: point.division,
            hours: end_of(hours),
            confirmed_at: point.confirmed_at,
            id_end,
            cell_end,
            head_end,
            items_end: end_of(self.items.len()),
        });
    }

    /// Its points, by cell and id.
    pub fn points(&self) -> impl Iterator<Item = BlockPoint<'_>> {
        self.points.iter().enumerate().map(|(index, entry)| BlockPoint { block: self, index, entry })
    }

    /// One of its points.
    #[must_use]
    pub fn point(&self, index: usize) -> Option<BlockPoint<'_>> {
        self.points.get(index).map(|entry| BlockPoint { block: self, index, entry })
    }

    /// The different opening hours of its points.
    pub fn hours(&self) -> impl Iterator<Item = &OpeningHours> {
        self.hours.iter().map(|(hours, _)| hours)
    }
}

impl copies::Block for Block {
    const NAME: &'static str = "points";
    // Raise it also where `wire::lasting` writes other JSON, or `Item`, `ItemState` or `OpeningHours` change.
    const FORMAT: u32 = 1;

    fn version(&self) -> i64 {
        self.version
    }

    fn bytes(&self) -> usize {
        self.text.len()
            + self.points.len() * size_of::<Entry>()
            + self.items.len() * size_of::<PackedItem>()
            + self.hours.len() * 1_000
    }
}

/// An end in Unix seconds, never the 0 that stands for none.
fn packed(until: i64) -> u32 {
    u32::try_from(until.max(1)).unwrap_or(u32::MAX)
}

impl<'a> BlockPoint<'a> {
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

    /// When it was last confirmed, in Unix seconds.
    #[must_use]
    pub fn confirmed_at(self) -> i64 {
        self.entry.confirmed_at
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

    /// What no clock changes, but for the hours, as a JSON object.
    #[must_use]
    pub fn head(self) -> &'a str {
        self.text(self.entry.cell_end, self.entry.head_end)
    }

    /// Which of the block's opening hours it has.
    #[must_use]
    pub fn hours_index(self) -> usize {
        usize::try_from(self.entry.hours).unwrap_or(usize::MAX)
    }

    /// When it is open, and the same as JSON.
    #[must_use]
    pub fn hours(self) -> Option<(&'a OpeningHours, &'a str)> {
        self.block.hours.get(self.hours_index()).map(|(hours, json)| (hours, json.as_str()))
    }

    /// What it says of the items.
    pub fn items(self) -> impl Iterator<Item = ItemStatus> {
        let from = self.before().map_or(0, |before| before.items_end);
        let packed = self.block.items.get(between(from, self.entry.items_end)).unwrap_or_default();
        packed.iter().map(|PackedItem { item, state, until }| ItemStatus {
            item: *item,
            state: *state,
            until: (*until > 0).then_some(i64::from(*until)),
        })
    }

    fn before(self) -> Option<&'a Entry> {
        self.block.points.get(self.index.checked_sub(1)?)
    }

    fn text(self, from: u32, to: u32) -> &'a str {
        self.block.text.get(between(from, to)).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::copies::Block as _;

    use super::*;

    fn entry(n: usize, (lat, lon): (f64, f64), items: Vec<ItemStatus>) -> NewEntry {
        let hours = OpeningHours::parse_text(["24/7", "Mo-Fr 09:00-17:00"][n % 2]).unwrap();
        NewEntry {
            cell: "wtw3sj".to_owned(),
            id: format!("p{n:03}"),
            location: Position { lat, lon },
            division: DivisionCode::parse("310101002").unwrap(),
            hours_json: serde_json::to_string(&hours).unwrap(),
            hours,
            items,
            confirmed_at: 7,
            head: format!("{{\"name\":\"点{n}\"}}"),
        }
    }

    #[test]
    fn an_end_that_does_not_fit_is_a_far_one_and_never_none() {
        let ends = [i64::MIN, 0, 7, i64::from(u32::MAX), i64::from(u32::MAX) + 1, i64::MAX];
        let items = ends.iter().map(|end| ItemStatus {
            item: Item::Books,
            state: ItemState::Full,
            until: Some(*end),
        });
        let block = Block::new(1, vec![entry(0, (31.2, 121.4), items.collect())]);
        let read: Vec<_> = block.point(0).unwrap().items().filter_map(|status| status.until).collect();
        let last = i64::from(u32::MAX);
        assert_eq!(read, [1, 1, 7, last, last, last]);
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out_also_after_it_was_bytes(
            places in prop::collection::vec((30.0..32.0_f64, 120.0..122.0_f64, 0..10_usize), 0..30)
        ) {
            let status = |(_, item): &(&str, Item)| ItemStatus { item: *item, state: ItemState::Full, until: None };
            let until = |mut status: ItemStatus| {
                status.until = (status.item != Item::Cash).then_some(1_800_000_000);
                status
            };
            let entries: Vec<_> = places.iter().enumerate().map(|(n, (lat, lon, items))| {
                entry(n, (*lat, *lon), Item::WORDS.iter().take(*items).map(status).map(until).collect())
            }).collect();
            let block = Block::new(3, entries.clone());
            let read = Block::from_copy(&block.to_copy().unwrap());
            prop_assert_eq!(read.as_ref(), Some(&block));
            prop_assert!(block.hours().count() <= 2);
            for (point, entry) in block.points().zip(&entries) {
                prop_assert_eq!((point.id(), point.cell(), point.head()), (&*entry.id, &*entry.cell, &*entry.head));
                prop_assert_eq!(point.hours().unwrap(), (&entry.hours, entry.hours_json.as_str()));
                prop_assert_eq!(point.items().collect::<Vec<_>>(), entry.items.clone());
                prop_assert_eq!(point.location(), entry.location);
            }
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            if let Some(block) = Block::from_copy(&bytes) {
                for point in block.points() {
                    prop_assert!(point.id().len() + point.head().len() <= 2 * bytes.len());
                }
            }
        }
    }
}
