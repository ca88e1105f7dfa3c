use super::area;

/// Something that a search found.
pub trait Ranked {
    /// Its place in the order of the search: no two hits have the same.
    type Rank<'a>: Ord
    where
        Self: 'a;

    /// Its place in the order of the search; where the nearest come first, the distance comes first in it.
    fn rank(&self) -> Self::Rank<'_>;

    /// How many metres it is from where the search begins, if that is a place.
    fn distance_m(&self) -> Option<u32>;
}

/// In which order a search wants its hits, and so how far it has to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The nearest first, as the walk goes: it ends where nothing that is left can be nearer than the last hit.
    Nearest,
    /// As the walk meets them: it ends when there are enough.
    AsMet,
    /// By anything else, such as a price, which says nothing of the place: the walk goes to its end.
    ByRank,
}

/// The hits so far: one more than asked for at most, so that it is known whether there are more.
#[derive(Debug)]
pub struct Hits<H> {
    found: Vec<H>,
    limit: usize,
    order: Order,
    /// The distance of the last hit, once there are enough and where farther ones don't count.
    worst: Option<u32>,
}

impl<H: Ranked> Hits<H> {
    /// Room for the first `limit` hits, and one more.
    #[must_use]
    pub fn new(limit: usize, order: Order) -> Self {
        Self { found: Vec::new(), limit, order, worst: None }
    }

    /// Whether something at least so many metres away may still be among them.
    #[must_use]
    #[inline]
    pub fn has_room(&self, least_m: f64) -> bool {
        self.worst.is_none_or(|worst| least_m <= f64::from(worst))
    }

    /// Whether the groups from one at least so many metres away on have nothing to add.
    #[must_use]
    #[inline]
    pub fn are_complete(&self, least_m: f64) -> bool {
        match self.order {
            Order::Nearest => !self.has_room(least_m),
            Order::AsMet => self.found.len() >= self.keep(),
            Order::ByRank => false,
        }
    }

    /// Where the nearest come first: drops candidates, each with the least distance that [`Area`](super::Area) gives,
    /// that are farther away for certain than as many others as are kept. So only the others' true distance is worked
    /// out. No candidate may be refused later on for anything but its distance.
    pub fn drop_farthest<T>(&self, candidates: &mut Vec<(f64, T)>) {
        if self.order != Order::Nearest || candidates.len() <= self.keep() {
            return;
        }
        let by_least = |(a, _): &(f64, T), (b, _): &(f64, T)| a.total_cmp(b);
        let (_, (last, _), _) = candidates.select_nth_unstable_by(self.limit, by_least);
        let bound = area::at_most(*last);
        candidates.retain(|(least, _)| *least <= bound);
    }

    /// Adds one; [`Self::settle`] follows after the last of a group.
    #[inline]
    pub fn push(&mut self, hit: H) {
        self.found.push(hit);
    }

    /// Sorts, and keeps the first.
    pub fn settle(&mut self) {
        if self.order != Order::AsMet {
            self.found.sort_unstable_by(|a, b| a.rank().cmp(&b.rank()));
        }
        self.found.truncate(self.keep());
        if self.order == Order::Nearest && self.found.len() == self.keep() {
            self.worst = self.found.last().and_then(H::distance_m);
        }
    }

    /// The hits in order, and whether there are more.
    #[must_use]
    pub fn page(mut self) -> (Vec<H>, bool) {
        let more = self.found.len() > self.limit;
        self.found.truncate(self.limit);
        (self.found, more)
    }

    fn keep(&self) -> usize {
        self.limit.saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Shop {
        price: Option<u32>,
        distance_m: u32,
        id: usize,
    }

    impl Ranked for Shop {
        type Rank<'a> = (u32, usize);

        fn rank(&self) -> Self::Rank<'_> {
            (self.price.unwrap_or(self.distance_m), self.id)
        }

        fn distance_m(&self) -> Option<u32> {
            Some(self.distance_m)
        }
    }

    /// Walks groups of shops, each with the least distance of its shops, as a search does; also how many it looked into.
    fn walk(groups: &[Vec<Shop>], limit: usize, order: Order) -> (Vec<Shop>, bool, usize) {
        let mut hits = Hits::new(limit, order);
        let mut looked = 0;
        for shops in groups {
            let least = shops.iter().map(|shop| shop.distance_m).min().unwrap_or_default();
            if hits.are_complete(f64::from(least)) {
                break;
            }
            looked += 1;
            let mut candidates: Vec<_> =
                shops.iter().map(|shop| (f64::from(shop.distance_m), shop)).collect();
            hits.drop_farthest(&mut candidates);
            candidates.into_iter().for_each(|(_, shop)| hits.push(shop.clone()));
            hits.settle();
        }
        let (found, more) = hits.page();
        (found, more, looked)
    }

    proptest! {
        #[test]
        fn the_best_by_distance_or_price_are_those_that_looking_at_every_one_finds(
            numbers in prop::collection::vec((0..50_u32, 0..5_000_u32), 0..120),
            by_price: bool, limit in 0..30_usize, size in 1..20_usize
        ) {
            let mut shops: Vec<_> = numbers.iter().enumerate().map(|(id, (price, distance_m))| {
                Shop { price: by_price.then_some(*price), distance_m: *distance_m, id }
            }).collect();
            shops.sort_by_key(|shop| shop.distance_m);
            let groups: Vec<_> = shops.chunks(size).map(<[Shop]>::to_vec).collect();
            let order = if by_price { Order::ByRank } else { Order::Nearest };
            let (found, more, looked) = walk(&groups, limit, order);
            shops.sort_by_key(|shop| (shop.price.unwrap_or(shop.distance_m), shop.id));
            prop_assert_eq!(more, shops.len() > limit);
            prop_assert!(!by_price || looked == groups.len());
            shops.truncate(limit);
            prop_assert_eq!(found, shops);
        }
    }

    #[test]
    fn a_walk_ends_where_nothing_can_be_nearer_or_where_there_are_enough() {
        let groups: Vec<Vec<Shop>> = (0..10)
            .map(|group| {
                (0..5).map(|n| Shop { price: None, distance_m: group * 1_000 + n, id: n as usize }).collect()
            })
            .collect();
        assert_eq!(walk(&groups, 7, Order::Nearest).2, 2);
        assert_eq!(walk(&groups, 7, Order::AsMet).2, 2);
        assert_eq!(walk(&groups, 7, Order::ByRank).2, 10);
    }
}
