//! The map as searches walk it: cells, the groups of cells that are read at once, the area that a search looks into, and
//! what it finds.
//!
//! # Design
//! A point lies in a cell, its geohash of six characters: about 1.05 km by 0.61 km in Shanghai. The key-value store holds
//! one copy for each *group* of neighbouring cells: all that begin with the same characters, as few as it takes to hold
//! no more than [`GROUP_POINTS`]. So a district with four points is one copy, a crowded street is several, and the
//! twenty nearest points cost a few copies anywhere. Every instance makes the same groups of the same cells.
//!
//! A search walks the groups that [`Area::order`] names, has the points of each judged, and collects them in [`Hits`] until
//! these are complete. It reads the groups through [`Copies`](crate::copies::Copies). Where a few numbers, some text and a
//! list of parts say all of a thing, [`Pack`] holds a group's and [`Walk`] judges them; the function only says what fits.
//!
//! The functions of the hot loop are `#[inline]`: so they are compiled into the function that searches, and as that one
//! is, for speed, where the rest of this crate is compiled for size.

mod area;
mod hits;
mod pack;
mod page;
mod place;
mod search;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

pub use area::{Area, OUTLINE_SLACK, near};
pub use hits::{Hits, Order, Ranked};
pub use pack::{Facts, Item, NewItem, Pack};
pub use page::{feature_page, items_page, unclosed};
pub use place::check_place;
pub use search::{By, Hit, Rank, Walk};

use crate::geo::{BoundingBox, Position};

/// The characters of a cell.
const CELL_LENGTH: usize = 6;
/// The characters of the largest group: 156 km by 156 km, more than the city.
const LARGEST_GROUP: usize = 3;
/// How many points a group may hold, unless it is a single cell.
const GROUP_POINTS: u32 = 256;

/// The cell of a position.
#[must_use]
pub fn cell_of(position: Position) -> String {
    // Only a position off the globe has none.
    geohash::encode(geohash::Coord { x: position.lon, y: position.lat }, CELL_LENGTH).unwrap_or_default()
}

/// Cells that are read at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What the names of its cells begin with.
    pub prefix: String,
    /// The version of its newest cell.
    pub version: i64,
    /// Where it lies.
    pub bounds: BoundingBox,
}

impl Group {
    /// What comes after its last cell in the order of names.
    #[must_use]
    pub fn end(&self) -> String {
        // Behind every character of a geohash.
        format!("{}~", self.prefix)
    }

    /// Whether one of the cells is among its own.
    #[must_use]
    pub fn has_one_of(&self, cells: &BTreeSet<String>) -> bool {
        cells.range(self.prefix.clone()..).next().is_some_and(|cell| cell.starts_with(&self.prefix))
    }
}

/// The groups that have points, in the order of their names.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    groups: Vec<Group>,
    /// Neighbours of the same five characters, some twenty square kilometres, and the box around them.
    regions: Vec<(BoundingBox, Range<usize>)>,
}

impl Groups {
    fn new(groups: Vec<Group>) -> Self {
        let mut regions = Vec::new();
        let mut begin = 0;
        for part in
            groups.chunk_by(|a, b| a.prefix.get(..5).is_some_and(|five| b.prefix.get(..5) == Some(five)))
        {
            let around = part.iter().map(|group| group.bounds).reduce(|a, b| BoundingBox {
                west: a.west.min(b.west),
                south: a.south.min(b.south),
                east: a.east.max(b.east),
                north: a.north.max(b.north),
            });
            regions.extend(around.map(|around| (around, begin..begin + part.len())));
            begin += part.len();
        }
        Self { groups, regions }
    }

    /// All of them.
    #[must_use]
    #[inline]
    pub fn all(&self) -> &[Group] {
        &self.groups
    }

    /// Those that have a place in common with every one of the boxes.
    #[inline]
    pub fn meeting<'a, 'b>(
        &'a self,
        boxes: &'b [BoundingBox],
    ) -> impl Iterator<Item = &'a Group> + use<'a, 'b> {
        let meets = |bounds: &BoundingBox| boxes.iter().all(|within| within.meets(bounds));
        let regions = self.regions.iter().filter(move |(around, _)| meets(around));
        let near = regions.flat_map(|(_, range)| self.groups.get(range.clone()).unwrap_or_default());
        near.filter(move |group| meets(&group.bounds))
    }
}

/// Every cell that ever had a point, with its version and how many it has.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    version: i64,
    cells: BTreeMap<String, (i64, u32)>,
}

impl Directory {
    /// The highest version that it has seen.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Takes in the cells that changed, and the highest version when they were read.
    pub fn apply(&mut self, version: i64, changed: Vec<(String, i64, u32)>) {
        self.version = self.version.max(version);
        for (cell, version, points) in changed {
            let known = self.cells.entry(cell).or_default();
            if known.0 < version {
                *known = (version, points);
            }
        }
    }

    /// The groups that have points, in the order of their names.
    #[must_use]
    pub fn groups(&self) -> Groups {
        let cells: Vec<_> =
            self.cells.iter().map(|(name, (version, points))| (name.as_str(), *version, *points)).collect();
        let mut groups = Vec::new();
        split(&cells, LARGEST_GROUP, &mut groups);
        Groups::new(groups)
    }
}

/// Groups sorted cells by their first `length` characters, and again by one more where a group is too large.
fn split(cells: &[(&str, i64, u32)], length: usize, groups: &mut Vec<Group>) {
    let prefix = |cell: &str| cell.get(..length).unwrap_or_default().to_owned();
    for part in cells.chunk_by(|(a, ..), (b, ..)| a.get(..length) == b.get(..length)) {
        let points: u32 = part.iter().map(|(.., points)| points).sum();
        if points > GROUP_POINTS && length < CELL_LENGTH {
            split(part, length + 1, groups);
        } else if let Some((cell, ..)) = part.first().filter(|_| points > 0) {
            let prefix = prefix(cell);
            let version = part.iter().map(|(_, version, _)| *version).max().unwrap_or_default();
            groups.extend(bounds(&prefix).map(|bounds| Group { prefix, version, bounds }));
        }
    }
}

fn bounds(prefix: &str) -> Option<BoundingBox> {
    let rect = geohash::decode_bbox(prefix).ok()?;
    let (low, high) = (rect.min(), rect.max());
    Some(BoundingBox { west: low.x, south: low.y, east: high.x, north: high.y })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn directory(cells: &[(&str, u32)]) -> Directory {
        let mut directory = Directory::default();
        let cells: Vec<_> =
            (1..).zip(cells).map(|(n, (name, points))| ((*name).to_owned(), n, *points)).collect();
        directory.apply(cells.len().try_into().unwrap(), cells);
        directory
    }

    fn prefixes(directory: &Directory) -> Vec<String> {
        directory.groups().all().iter().map(|group| group.prefix.clone()).collect()
    }

    #[test]
    fn few_points_are_one_group_and_many_are_split() {
        assert_eq!(prefixes(&directory(&[("wtw3sj", 4), ("wtw6aa", 100)])), ["wtw"]);
        assert_eq!(
            prefixes(&directory(&[("wtw3sj", 200), ("wtw3sk", 200), ("wtw6aa", 28)])),
            ["wtw3sj", "wtw3sk", "wtw6"]
        );
        assert_eq!(prefixes(&directory(&[("wtw3sj", 500)])), ["wtw3sj"], "a cell is never split");
        assert!(prefixes(&directory(&[("wtw3sj", 0)])).is_empty());
    }

    #[test]
    fn a_change_anywhere_in_a_group_is_a_new_version_of_it_and_late_news_change_nothing() {
        let mut directory = directory(&[("wtw3sj", 4), ("wtw6aa", 100)]);
        assert_eq!(directory.groups().all()[0].version, 2);
        directory.apply(9, vec![("wtw3sj".to_owned(), 9, 0)]);
        assert_eq!(directory.groups().all()[0].version, 9, "also where the last point of a cell went");
        directory.apply(3, vec![("wtw3sj".to_owned(), 3, 4)]);
        assert_eq!((directory.version(), directory.groups().all()[0].version), (9, 9));
    }

    #[test]
    fn a_group_knows_its_cells_among_others() {
        let directory = directory(&[("wtw3sj", 200), ("wtw3sk", 200), ("wtw6aa", 28)]);
        let among = |cells: &[&str]| -> Vec<bool> {
            let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
            directory.groups().all().iter().map(|group| group.has_one_of(&cells)).collect()
        };
        assert_eq!(among(&["wtw3sk", "wtw6zz"]), [false, true, true]);
        assert_eq!(among(&["wtw3aa", "wtw3sz", "wtw7aa"]), [false, false, false]);
    }

    proptest! {
        #[test]
        fn every_cell_with_points_is_in_exactly_one_group_and_within_its_bounds(
            places in prop::collection::vec((30.7..31.8_f64, 120.9..122.0_f64, 1..200_u32), 1..80)
        ) {
            let mut directory = Directory::default();
            for (n, (lat, lon, points)) in (1..).zip(&places) {
                let cell = cell_of(Position { lat: *lat, lon: *lon });
                directory.apply(n, vec![(cell, n, *points)]);
            }
            let groups = directory.groups();
            for (lat, lon, _) in &places {
                let position = Position { lat: *lat, lon: *lon };
                let cell = cell_of(position);
                let here = [BoundingBox::around(position, 0)];
                prop_assert!(groups.meeting(&here).any(|group| cell.starts_with(&group.prefix)));
                let home: Vec<_> = groups.all().iter().filter(|group| cell.starts_with(&group.prefix)).collect();
                prop_assert_eq!(home.len(), 1);
                prop_assert!(home[0].bounds.contains(&position));
                prop_assert!(cell.as_str() >= home[0].prefix.as_str() && cell < home[0].end());
            }
        }
    }
}
