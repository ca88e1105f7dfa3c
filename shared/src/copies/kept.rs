use std::sync::Arc;

use lru::LruCache;

use super::Block;

/// The blocks that an instance keeps in memory: those used last, as many as fit.
pub(super) struct Kept<B> {
    blocks: LruCache<String, Arc<B>>,
    bytes: usize,
    budget: usize,
}

impl<B: Block> Kept<B> {
    pub(super) fn new(budget: usize) -> Self {
        Self { blocks: LruCache::unbounded(), bytes: 0, budget }
    }

    pub(super) fn get(&mut self, prefix: &str) -> Option<Arc<B>> {
        self.blocks.get(prefix).cloned()
    }

    pub(super) fn keep(&mut self, prefix: &str, block: &Arc<B>) {
        self.bytes += block.bytes();
        if let Some((_, before)) = self.blocks.push(prefix.to_owned(), block.clone()) {
            self.bytes -= before.bytes();
        }
        // One is kept however large it is: a search is reading it.
        while self.bytes > self.budget && self.blocks.len() > 1 {
            let Some((_, oldest)) = self.blocks.pop_lru() else { break };
            self.bytes -= oldest.bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::{geo::BoundingBox, map::Group};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Shelf(i64, usize);

    impl Block for Shelf {
        const NAME: &'static str = "shelves";
        const FORMAT: u32 = 3;

        fn version(&self) -> i64 {
            self.0
        }

        fn bytes(&self) -> usize {
            self.1
        }
    }

    fn kept(sizes: &[(&str, usize)]) -> Kept<Shelf> {
        let mut kept = Kept::new(100);
        for (prefix, bytes) in sizes {
            kept.keep(prefix, &Arc::new(Shelf(1, *bytes)));
        }
        kept
    }

    #[test]
    fn the_least_recently_used_go_where_the_budget_is_spent() {
        let mut shelves = kept(&[("a", 40), ("b", 40)]);
        assert!(shelves.get("a").is_some());
        shelves.keep("c", &Arc::new(Shelf(1, 40)));
        assert_eq!((shelves.get("b"), shelves.bytes), (None, 80));
        assert!(shelves.get("a").is_some() && shelves.get("c").is_some());
    }

    #[test]
    fn a_block_that_was_read_anew_replaces_the_old_one_and_a_huge_one_is_kept_alone() {
        assert_eq!(kept(&[("a", 40), ("a", 60), ("a", 30)]).bytes, 30);
        let mut shelves = kept(&[("a", 40), ("b", 500)]);
        assert!(shelves.get("a").is_none() && shelves.get("b").is_some());
    }

    #[test]
    fn a_copy_is_found_only_under_the_number_of_its_layout() {
        let bounds = BoundingBox { west: 0.0, south: 0.0, east: 1.0, north: 1.0 };
        let group = Group { prefix: "wtw3".to_owned(), version: 1, bounds };
        assert_eq!(Shelf::key(&group), "shelves/v3/wtw3");
        assert_eq!(Shelf::from_copy(&Shelf(7, 9).to_copy().unwrap()), Some(Shelf(7, 9)));
    }
}
