//! Which institutions a search finds, and in which order.

use std::sync::Arc;

use shared::map::{self, By, Hits, Walk};

use super::{Ages, Block, BlockHome, CareLevel, Features, HomeFacts, Ownership, Room, RoomType};

/// An institution that was found.
pub type Hit = map::Hit<HomeFacts>;

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

impl Sort {
    /// In which order the map is walked for it.
    #[must_use]
    pub fn by(self) -> By {
        match self {
            Self::AsMet => By::AsMet,
            Self::Distance => By::Distance,
            Self::Price | Self::Available => By::Key,
        }
    }
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
    /// Where, and how many. Its order is [`Sort::by`] of `sort`.
    pub walk: Walk,
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
}

impl Search {
    /// Adds what a block has to the hits.
    pub fn judge(&self, block: &Arc<Block>, moment: (Ages, i64), hits: &mut Hits<Hit>) {
        self.walk.judge(block, |home| self.fits(*home, moment), |home| self.key(*home, moment), hits);
    }

    fn fits(&self, home: BlockHome<'_>, moment: (Ages, i64)) -> bool {
        let facts = home.facts();
        facts.features.include(self.features)
            && self.ownership.is_none_or(|ownership| ownership == facts.ownership)
            && (!self.rooms.asks() || self.fitting_rooms(home, moment).next().is_some())
            && self.text.as_ref().is_none_or(|text| home.words().contains(text.as_str()))
    }

    /// What the order goes by where it isn't the map's or the distance.
    fn key(&self, home: BlockHome<'_>, (ages, now): (Ages, i64)) -> i64 {
        let rooms = self.fitting_rooms(home, (ages, now));
        match self.sort {
            Sort::AsMet | Sort::Distance => 0,
            Sort::Price => rooms.map(|room| room.monthly_fen).min().unwrap_or(i64::MAX),
            Sort::Available => -rooms.map(|room| room.counts.vacant(ages, now)).sum::<i64>(),
        }
    }

    fn fitting_rooms<'a>(
        &'a self,
        home: BlockHome<'a>,
        (ages, now): (Ages, i64),
    ) -> impl Iterator<Item = &'a Room> {
        home.parts().iter().filter(move |room| self.rooms.fits(room, ages, now))
    }
}

#[cfg(test)]
mod tests;
