//! Which institutions a search finds, and in which order.

use std::sync::Arc;

use shared::map::{Area, Hits, Order, Ranked};

use super::{Ages, Block, BlockHome, CareLevel, Features, Ownership, Room, RoomType};

/// In which order institutions are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// In the order of the map's cells: no particular one, but always the same.
    #[default]
    AsMet,
    /// The nearest first.
    Distance,
    /// The cheapest room that fits first.
    Price,
    /// The most vacant beds that fit first.
    Available,
}

/// What a room has to be; every part that is there has to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoomFilter {
    /// Serving this care level.
    pub care_level: Option<CareLevel>,
    /// Of this type.
    pub room_type: Option<RoomType>,
    /// At most so much a month.
    pub max_monthly_fen: Option<i64>,
    /// With at least so many vacant beds; stale counts have none.
    pub min_available: Option<i64>,
}

impl RoomFilter {
    /// Whether it asks for anything.
    #[must_use]
    pub fn asks(&self) -> bool {
        *self != Self::default()
    }

    /// Whether rooms fit at an instant.
    #[must_use]
    pub fn fits(&self, room: &Room, ages: Ages, now: i64) -> bool {
        self.care_level.is_none_or(|level| room.care_levels.serve(level))
            && self.room_type.is_none_or(|kind| kind == room.room_type)
            && self.max_monthly_fen.is_none_or(|most| room.monthly_fen <= most)
            && self.min_available.is_none_or(|least| room.counts.vacant(ages, now) >= least)
    }
}

/// What is searched for; every part that is there has to hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Where.
    pub area: Area,
    /// With a room that fits.
    pub rooms: RoomFilter,
    /// Offering all of these.
    pub features: Features,
    /// Owned so.
    pub ownership: Option<Ownership>,
    /// With this in its name, operator or address, as [`narrow`](shared::width::narrow) makes it.
    pub text: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// Behind this place in the order.
    pub after: Option<Rank>,
    /// How many.
    pub limit: usize,
}

/// An institution's place in the order of a search.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Metres, fen, or the vacant beds below nothing; 0 where the order is the map's.
    pub key: i64,
    /// The cell where the order is the map's, else empty.
    pub cell: String,
    /// The id.
    pub id: String,
}

/// One institution that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Metres from `near`, where that is given.
    pub distance_m: Option<u32>,
    key: i64,
    by_cell: bool,
    block: Arc<Block>,
    index: usize,
}

impl Hit {
    /// The institution.
    #[must_use]
    pub fn home(&self) -> Option<BlockHome<'_>> {
        self.block.home(self.index)
    }
}

impl Ranked for Hit {
    type Rank<'a> = (i64, &'a str, &'a str);

    fn rank(&self) -> Self::Rank<'_> {
        self.home().map_or((self.key, "", ""), |home| {
            (self.key, if self.by_cell { home.cell() } else { "" }, home.id())
        })
    }

    fn distance_m(&self) -> Option<u32> {
        self.distance_m
    }
}

impl Search {
    /// Room for its hits.
    #[must_use]
    pub fn hits(&self) -> Hits<Hit> {
        let order = match self.sort {
            Sort::AsMet => Order::AsMet,
            Sort::Distance => Order::Nearest,
            Sort::Price | Sort::Available => Order::ByRank,
        };
        Hits::new(self.limit, order)
    }

    /// Adds what a block has to the hits.
    pub fn judge(&self, block: &Arc<Block>, (ages, now): (Ages, i64), hits: &mut Hits<Hit>) {
        let after = self.after.as_ref().map(|after| (after.key, after.cell.as_str(), after.id.as_str()));
        let mut fitting: Vec<(f64, BlockHome<'_>)> = Vec::new();
        for home in block.homes() {
            let location = home.location();
            let least = self.area.least_m(&location);
            let fits = hits.has_room(least)
                && self.area.contains(&location, home.division())
                && home.features().include(self.features)
                && self.ownership.is_none_or(|ownership| ownership == home.ownership())
                && (!self.rooms.asks() || self.fitting_rooms(home, ages, now).next().is_some())
                && self.text.as_ref().is_none_or(|text| home.words().contains(text.as_str()));
            if fits {
                fitting.push((least, home));
            }
        }
        if self.sort == Sort::Distance && after.is_none() {
            hits.drop_farthest(&mut fitting);
        }
        for (_, home) in fitting {
            let distance_m = self.area.distance_m(&home.location());
            if !self.area.reaches(distance_m) {
                continue;
            }
            let key = match self.sort {
                Sort::AsMet => 0,
                Sort::Distance => i64::from(distance_m.unwrap_or_default()),
                Sort::Price => {
                    let prices = self.fitting_rooms(home, ages, now).map(|room| room.monthly_fen);
                    prices.min().unwrap_or(i64::MAX)
                }
                Sort::Available => {
                    let vacant =
                        self.fitting_rooms(home, ages, now).map(|room| room.counts.vacant(ages, now));
                    -vacant.sum::<i64>()
                }
            };
            let by_cell = self.sort == Sort::AsMet;
            let hit = Hit { distance_m, key, by_cell, block: block.clone(), index: home.index() };
            if after.is_none_or(|after| hit.rank() > after) {
                hits.push(hit);
            }
        }
        hits.settle();
    }

    fn fitting_rooms<'a>(
        &'a self,
        home: BlockHome<'a>,
        ages: Ages,
        now: i64,
    ) -> impl Iterator<Item = &'a Room> {
        home.rooms().iter().filter(move |room| self.rooms.fits(room, ages, now))
    }

    /// The hits in order, and the rank behind which the next page begins.
    #[must_use]
    pub fn page(&self, hits: Hits<Hit>) -> (Vec<Hit>, Option<Rank>) {
        let (found, more) = hits.page();
        let next = found.last().filter(|_| more).map(|hit| {
            let (key, cell, id) = hit.rank();
            Rank { key, cell: cell.to_owned(), id: id.to_owned() }
        });
        (found, next)
    }
}

#[cfg(test)]
mod tests;
