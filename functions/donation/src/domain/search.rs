//! Which points a search finds, and in which order.
//!
//! # Design
//! A search walks groups of cells, the nearest first, and stops as soon as no group that is left can hold a point nearer
//! than those it has. Whoever drives it loads the groups; [`Search`] judges and [`Hits`] collects.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use shared::{
    calendar::WorkingCalendar,
    divisions::DivisionCode,
    geo::{self, BoundingBox, Position},
};

use super::{Block, BlockPoint, Group, Groups, Item};

/// How far beyond its district's outline a point may lie, in degrees: about a kilometre. Outlines are simplified.
pub const OUTLINE_SLACK: f64 = 0.01;
/// Metres in a degree of latitude, a little less than they are.
const METRES_PER_DEGREE: f64 = 111_000.0;

/// What is searched for; every part that is there has to hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Nearest first.
    pub near: Option<Position>,
    /// Within so many metres of `near`.
    pub radius_m: Option<u32>,
    /// Within a box.
    pub bbox: Option<BoundingBox>,
    /// In a division.
    pub division: Option<DivisionCode>,
    /// Taking this item.
    pub item: Option<Item>,
    /// Open at this instant.
    pub open_at: Option<DateTime<Utc>>,
    /// Only points that are stale, or only others: whether they were confirmed before an instant, in Unix seconds.
    pub stale: Option<(bool, i64)>,
    /// Behind this place in the order.
    pub after: Option<Rank>,
    /// How many.
    pub limit: usize,
}

/// A point's place in the order of a search: by distance and id where there is a `near`, else by cell and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Metres from `near`; 0 without one.
    pub distance_m: u32,
    /// The cell; empty where `near` is given.
    pub cell: String,
    /// The point's id.
    pub id: String,
}

/// One point that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Metres from `near`, where that is given.
    pub distance_m: Option<u32>,
    block: Arc<Block>,
    index: usize,
}

impl Hit {
    /// The point.
    #[must_use]
    pub fn point(&self) -> Option<BlockPoint<'_>> {
        self.block.point(self.index)
    }
}

impl Search {
    /// The groups worth a look in the order in which to look, each with the least distance of its points in metres.
    #[must_use]
    pub fn order<'a>(&self, groups: &'a Groups) -> Vec<(f64, &'a Group)> {
        let within = self.boxes();
        let mut order: Vec<_> = groups
            .meeting(&within)
            .map(|group| (self.near.map_or(0.0, |near| at_least(near, &group.bounds)), group))
            .filter(|(least, _)| self.radius_m.is_none_or(|radius| *least <= f64::from(radius)))
            .collect();
        if self.near.is_some() {
            order.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        }
        order
    }

    /// The box around the circle that it looks into.
    fn circle(&self) -> Option<BoundingBox> {
        self.near.zip(self.radius_m).map(|(near, radius)| BoundingBox::around(near, radius))
    }

    fn boxes(&self) -> Vec<BoundingBox> {
        let division = self.division.map(|division| geo::bounds_of(&division).widened(OUTLINE_SLACK));
        [self.circle(), division, self.bbox].into_iter().flatten().collect()
    }

    /// The box that holds everything that it may find.
    #[must_use]
    pub fn bounds(&self) -> BoundingBox {
        self.boxes().into_iter().fold(geo::city_bounds().widened(OUTLINE_SLACK), |all, one| BoundingBox {
            west: all.west.max(one.west),
            south: all.south.max(one.south),
            east: all.east.min(one.east),
            north: all.north.min(one.north),
        })
    }

    /// Adds what a block has to the hits. `allowed`: only these ids, where text was searched for.
    pub fn judge(
        &self,
        (block, allowed): (&Arc<Block>, Option<&HashSet<String>>),
        now: i64,
        hits: &mut Hits,
    ) {
        let calendar = WorkingCalendar::embedded();
        // Neighbours share their hours: each is asked about the instant once.
        let open: Option<Vec<bool>> =
            self.open_at.map(|at| block.hours().map(|hours| hours.is_open(at, calendar)).collect());
        let after =
            self.after.as_ref().map(|after| (after.distance_m, after.cell.as_str(), after.id.as_str()));
        let mut fitting: Vec<(f64, BlockPoint<'_>)> = Vec::new();
        for point in block.points() {
            let location = point.location();
            let least = self.near.map_or(0.0, |near| at_least_to(near, &location));
            let fits = hits.circle.is_none_or(|circle| circle.contains(&location))
                && hits.has_room(least)
                && self.bbox.is_none_or(|bbox| bbox.contains(&location))
                && self.division.is_none_or(|division| division.contains(point.division()))
                && open.as_ref().is_none_or(|open| open.get(point.hours_index()).copied().unwrap_or(false))
                && self.item.is_none_or(|item| takes(point, item, now))
                && self.stale.is_none_or(|(stale, before)| stale == (point.confirmed_at() < before))
                && allowed.is_none_or(|allowed| allowed.contains(point.id()));
            if fits {
                fitting.push((least, point));
            }
        }
        if self.near.is_some() && after.is_none() {
            keep_possible(&mut fitting, hits.keep);
        }
        for (_, point) in fitting {
            let distance_m = self.near.map(|near| near.distance_m(&point.location()));
            if distance_m.zip(self.radius_m).is_some_and(|(distance, radius)| distance > radius) {
                continue;
            }
            let cell = if self.near.is_some() { "" } else { point.cell() };
            let rank = (distance_m.unwrap_or_default(), cell, point.id());
            if after.is_none_or(|after| rank > after) {
                hits.found.push(Hit { distance_m, block: block.clone(), index: point.index() });
            }
        }
        hits.settle();
    }
}

/// Drops what is farther than the `keep` nearest for certain, so that only the others' true distance is worked out.
fn keep_possible(fitting: &mut Vec<(f64, BlockPoint<'_>)>, keep: usize) {
    if keep == 0 || fitting.len() <= keep {
        return;
    }
    let (_, (last, _), _) = fitting.select_nth_unstable_by(keep - 1, |(a, _), (b, _)| a.total_cmp(b));
    let bound = at_most(*last);
    fitting.retain(|(least, _)| *least <= bound);
}

fn takes(point: BlockPoint<'_>, item: Item, now: i64) -> bool {
    point.items().any(|status| status.item == item && status.at(now).state.takes_gifts())
}

/// The hits so far: one more than asked for at most, so that it is known whether there are more.
#[derive(Debug)]
pub struct Hits {
    found: Vec<Hit>,
    keep: usize,
    by_distance: bool,
    /// Worked out once for all blocks.
    circle: Option<BoundingBox>,
    /// The distance of the last hit, once there are enough.
    worst: Option<u32>,
}

impl Hits {
    /// Room for the hits of a search.
    #[must_use]
    pub fn new(search: &Search) -> Self {
        Self {
            found: Vec::new(),
            keep: search.limit + 1,
            by_distance: search.near.is_some(),
            circle: search.circle(),
            worst: None,
        }
    }

    /// Whether a point at least so many metres away may still be among them.
    fn has_room(&self, least: f64) -> bool {
        self.worst.is_none_or(|worst| least <= f64::from(worst))
    }

    /// Whether the groups from one at least so many metres away on have nothing to add.
    #[must_use]
    pub fn are_complete(&self, least: f64) -> bool {
        if self.by_distance { !self.has_room(least) } else { self.found.len() >= self.keep }
    }

    /// Sorts, and keeps the first.
    fn settle(&mut self) {
        if self.by_distance {
            self.found.sort_unstable_by(|a, b| a.rank().cmp(&b.rank()));
        }
        self.found.truncate(self.keep);
        if self.by_distance && self.found.len() == self.keep {
            self.worst = self.found.last().and_then(|hit| hit.distance_m);
        }
    }

    /// The hits in order, and the rank behind which the next page begins.
    #[must_use]
    pub fn page(mut self, search: &Search) -> (Vec<Hit>, Option<Rank>) {
        let more = self.found.len() > search.limit;
        self.found.truncate(search.limit);
        let next = self.found.last().filter(|_| more).and_then(|hit| {
            let point = hit.point()?;
            let cell = if search.near.is_some() { String::new() } else { point.cell().to_owned() };
            Some(Rank { distance_m: hit.distance_m.unwrap_or_default(), cell, id: point.id().to_owned() })
        });
        (self.found, next)
    }
}

impl Hit {
    fn rank(&self) -> (Option<u32>, &str) {
        (self.distance_m, self.point().map_or("", BlockPoint::id))
    }
}

/// At most the distance in metres from a position to the nearest place in a box.
fn at_least(near: Position, bounds: &BoundingBox) -> f64 {
    let nearest = Position {
        lat: near.lat.clamp(bounds.south, bounds.north),
        lon: near.lon.clamp(bounds.west, bounds.east),
    };
    at_least_to(near, &nearest)
}

/// At most the distance in metres: a plane's, shortened by more than the earth's curve makes of it within the city and
/// its surroundings.
fn at_least_to(near: Position, to: &Position) -> f64 {
    let north = (to.lat - near.lat) * METRES_PER_DEGREE;
    // The cosine of 32.5°, north of the city: the shortest degree of longitude there is.
    let east = (to.lon - near.lon) * METRES_PER_DEGREE * 0.843;
    (north.hypot(east) * 0.995 - 1.0).max(0.0)
}

/// At least the distance in metres, given what [`at_least_to`] makes of it: a degree of longitude in the city's south is
/// two per cent longer than it reckons.
fn at_most(least: f64) -> f64 {
    least * 1.04 + 4.0
}

#[cfg(test)]
mod tests;
