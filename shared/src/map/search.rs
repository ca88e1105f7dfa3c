use std::sync::Arc;

use super::{Area, Facts, Hits, Item, Order, Pack, Ranked};
use crate::input::{FOREIGN_CURSOR, Rejection};

/// The letter of the sort in whose cursors the cell stands, because its order is the map's.
const AS_MET: char = 'm';

/// In which order a search wants things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// In the order of the map's cells: no particular one, but always the same.
    #[default]
    AsMet,
    /// The nearest first.
    Distance,
    /// The lowest key first, such as a price.
    Key,
}

/// A thing's place in the order of a search.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Metres, or the key; 0 where the order is the map's.
    pub key: i64,
    /// The cell where the order is the map's, else empty.
    pub cell: String,
    /// The id.
    pub id: String,
}

impl Rank {
    /// The cursor of the page behind it: the sort's letter, the key and the id, `d1200~home-7`. Where the order is the
    /// map's, the letter is `m`, and the cell stands for the key: `mwtw3sj~home-7`.
    #[must_use]
    pub fn cursor(&self, sort: char) -> String {
        if sort == AS_MET {
            return format!("{sort}{}~{}", self.cell, self.id);
        }
        format!("{sort}{}~{}", self.key, self.id)
    }

    /// Reads a cursor back: the sort's letter and the rank. The caller looks whether that is the sort asked for.
    ///
    /// # Errors
    /// [`FOREIGN_CURSOR`].
    pub fn read(text: &str) -> Result<(char, Self), Rejection> {
        let (place, id) =
            text.split_once('~').filter(|(_, id)| (1..=40).contains(&id.len())).ok_or(FOREIGN_CURSOR)?;
        let mut place = place.chars();
        let sort = place.next().ok_or(FOREIGN_CURSOR)?;
        let (place, id) = (place.as_str(), id.to_owned());
        if sort == AS_MET {
            return Ok((sort, Self { key: 0, cell: place.to_owned(), id }));
        }
        let key = place.parse().map_err(|_| FOREIGN_CURSOR)?;
        Ok((sort, Self { key, cell: String::new(), id }))
    }
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Hit<F: Facts> {
    /// Metres from `near`, where that is given.
    pub distance_m: Option<u32>,
    key: i64,
    by_cell: bool,
    pack: Arc<Pack<F>>,
    index: usize,
}

impl<F: Facts> Hit<F> {
    /// The thing.
    #[must_use]
    #[inline]
    pub fn item(&self) -> Option<Item<'_, F>> {
        self.pack.item(self.index)
    }
}

impl<F: Facts> Ranked for Hit<F> {
    type Rank<'a>
        = (i64, &'a str, &'a str)
    where
        F: 'a;

    #[inline]
    fn rank(&self) -> Self::Rank<'_> {
        self.item().map_or((self.key, "", ""), |item| {
            (self.key, if self.by_cell { item.cell() } else { "" }, item.id())
        })
    }

    #[inline]
    fn distance_m(&self) -> Option<u32> {
        self.distance_m
    }
}

/// Where a search looks, in which order, and how much of it is wanted.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Where.
    pub area: Area,
    /// In which order.
    pub by: By,
    /// Behind this place in the order.
    pub after: Option<Rank>,
    /// How many.
    pub limit: usize,
}

impl Walk {
    /// Room for its hits.
    #[must_use]
    pub fn hits<F: Facts>(&self) -> Hits<Hit<F>> {
        let order = match self.by {
            By::AsMet => Order::AsMet,
            By::Distance => Order::Nearest,
            By::Key => Order::ByRank,
        };
        Hits::new(self.limit, order)
    }

    /// Adds what fits of a pack. `fits` needn't look at the area; `key` is only asked where the order is [`By::Key`].
    #[inline]
    pub fn judge<F: Facts>(
        &self,
        pack: &Arc<Pack<F>>,
        fits: impl Fn(&Item<'_, F>) -> bool,
        key: impl Fn(&Item<'_, F>) -> i64,
        hits: &mut Hits<Hit<F>>,
    ) {
        let after = self.after.as_ref().map(|after| (after.key, after.cell.as_str(), after.id.as_str()));
        for (_, item) in self.candidates(pack, fits, hits) {
            let distance_m = self.area.distance_m(&item.facts().location());
            if !self.area.reaches(distance_m) {
                continue;
            }
            let key = match self.by {
                By::AsMet => 0,
                By::Distance => i64::from(distance_m.unwrap_or_default()),
                By::Key => key(&item),
            };
            let by_cell = self.by == By::AsMet;
            let hit = Hit { distance_m, key, by_cell, pack: pack.clone(), index: item.index() };
            if after.is_none_or(|after| hit.rank() > after) {
                hits.push(hit);
            }
        }
        hits.settle();
    }

    /// What fits of a pack, each with its least distance, before the true distance is worked out.
    #[inline]
    fn candidates<'a, F: Facts>(
        &self,
        pack: &'a Pack<F>,
        fits: impl Fn(&Item<'_, F>) -> bool,
        hits: &Hits<Hit<F>>,
    ) -> Vec<(f64, Item<'a, F>)> {
        let mut candidates = Vec::new();
        for item in pack.items() {
            let location = item.facts().location();
            let least = self.area.least_m(&location);
            let may_be_hit =
                hits.has_room(least) && self.area.contains(&location, item.facts().division()) && fits(&item);
            if may_be_hit {
                candidates.push((least, item));
            }
        }
        // Behind a cursor those before it are refused later on, and the farther ones are wanted.
        if self.by == By::Distance && self.after.is_none() {
            hits.drop_farthest(&mut candidates);
        }
        candidates
    }

    /// The hits in order, and the rank behind which the next page begins.
    #[must_use]
    pub fn page<F: Facts>(&self, hits: Hits<Hit<F>>) -> (Vec<Hit<F>>, Option<Rank>) {
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
