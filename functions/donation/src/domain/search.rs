//! Which points a search finds, and in which order.
//!
//! # Design
//! A search walks groups of cells, the nearest first, and stops as soon as no group that is left can hold a point nearer
//! than those it has. Whoever drives it loads the groups; [`Search`] judges and [`Hits`] collects.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use shared::{
    calendar::WorkingCalendar,
    map::{Area, Hits, Order, Ranked},
};

use super::{Block, BlockPoint, Item};

/// What is searched for; every part that is there has to hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Where; nearest first if it has a `near`.
    pub area: Area,
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

impl Ranked for Hit {
    type Rank<'a> = (Option<u32>, &'a str);

    fn rank(&self) -> Self::Rank<'_> {
        (self.distance_m, self.point().map_or("", BlockPoint::id))
    }

    fn distance_m(&self) -> Option<u32> {
        self.distance_m
    }
}

impl Search {
    /// Room for its hits. Groups by name, and their points by cell and id, are met in the order that a search without
    /// `near` wants.
    #[must_use]
    pub fn hits(&self) -> Hits<Hit> {
        Hits::new(self.limit, if self.area.near().is_some() { Order::Nearest } else { Order::AsMet })
    }

    /// Adds what a block has to the hits. `allowed`: only these ids, where text was searched for.
    pub fn judge(
        &self,
        (block, allowed): (&Arc<Block>, Option<&HashSet<String>>),
        now: i64,
        hits: &mut Hits<Hit>,
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
            let least = self.area.least_m(&location);
            let fits = hits.has_room(least)
                && self.area.contains(&location, point.division())
                && open.as_ref().is_none_or(|open| open.get(point.hours_index()).copied().unwrap_or(false))
                && self.item.is_none_or(|item| takes(point, item, now))
                && self.stale.is_none_or(|(stale, before)| stale == (point.confirmed_at() < before))
                && allowed.is_none_or(|allowed| allowed.contains(point.id()));
            if fits {
                fitting.push((least, point));
            }
        }
        if after.is_none() {
            hits.drop_farthest(&mut fitting);
        }
        for (_, point) in fitting {
            let distance_m = self.area.distance_m(&point.location());
            if !self.area.reaches(distance_m) {
                continue;
            }
            let rank = (distance_m.unwrap_or_default(), self.cell_in_rank(point), point.id());
            if after.is_none_or(|after| rank > after) {
                hits.push(Hit { distance_m, block: block.clone(), index: point.index() });
            }
        }
        hits.settle();
    }

    /// The hits in order, and the rank behind which the next page begins.
    #[must_use]
    pub fn page(&self, hits: Hits<Hit>) -> (Vec<Hit>, Option<Rank>) {
        let (found, more) = hits.page();
        let next = found.last().filter(|_| more).and_then(|hit| {
            let point = hit.point()?;
            let cell = self.cell_in_rank(point).to_owned();
            Some(Rank { distance_m: hit.distance_m.unwrap_or_default(), cell, id: point.id().to_owned() })
        });
        (found, next)
    }

    fn cell_in_rank<'a>(&self, point: BlockPoint<'a>) -> &'a str {
        if self.area.near().is_some() { "" } else { point.cell() }
    }
}

fn takes(point: BlockPoint<'_>, item: Item, now: i64) -> bool {
    point.items().any(|status| status.item == item && status.at(now).state.takes_gifts())
}

#[cfg(test)]
mod tests;
