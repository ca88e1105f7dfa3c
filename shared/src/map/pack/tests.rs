use proptest::prelude::*;

use super::*;
use crate::{copies::Block as _, map::cell_of};

/// A stall on a market, with the prices of what it sells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::map) struct Stall {
    pub(in crate::map) location: Position,
    pub(in crate::map) division: DivisionCode,
}

impl Facts for Stall {
    type Part = i64;

    const NAME: &'static str = "stalls";
    const FORMAT: u32 = 1;

    fn location(&self) -> Position {
        self.location
    }

    fn division(&self) -> &DivisionCode {
        &self.division
    }
}

pub(in crate::map) fn stall(n: usize, (lat, lon): (f64, f64), prices: Vec<i64>) -> NewItem<Stall> {
    let location = Position { lat, lon };
    NewItem {
        cell: cell_of(location),
        id: format!("s{n:03}"),
        words: format!("摊{n}"),
        head: format!("{{\"name\":\"摊{n}\"}}"),
        facts: Stall { location, division: DivisionCode::parse(["310101002", "310104003"][n % 2]).unwrap() },
        parts: prices,
    }
}

proptest! {
    #[test]
    fn what_goes_in_comes_out_in_order_also_after_it_was_bytes(
        stalls in prop::collection::vec(
            (30.0..32.0_f64, 120.0..122.0_f64, prop::collection::vec(0..99_i64, 0..5)), 0..30
        )
    ) {
        let stalls = stalls.into_iter().enumerate();
        let mut stalls: Vec<_> = stalls.map(|(n, (lat, lon, prices))| stall(n, (lat, lon), prices)).collect();
        let pack = Pack::new(3, stalls.clone());
        let read = Pack::<Stall>::from_copy(&pack.to_copy().unwrap());
        prop_assert_eq!(read.as_ref(), Some(&pack));
        stalls.sort_by_key(|stall| (stall.cell.clone(), stall.id.clone()));
        prop_assert_eq!(pack.items().count(), stalls.len());
        for ((index, item), stall) in pack.items().enumerate().zip(&stalls) {
            prop_assert_eq!((item.id(), item.cell()), (&*stall.id, &*stall.cell));
            prop_assert_eq!((item.words(), item.head()), (&*stall.words, &*stall.head));
            prop_assert_eq!((item.parts(), item.facts()), (&*stall.parts, &stall.facts));
            prop_assert_eq!((item.index(), pack.item(index).map(Item::id)), (index, Some(&*stall.id)));
        }
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
        if let Some(pack) = Pack::<Stall>::from_copy(&bytes) {
            for item in pack.items() {
                prop_assert!(item.id().len() + item.head().len() <= 2 * bytes.len());
                prop_assert!(item.parts().len() <= bytes.len());
            }
        }
    }
}
