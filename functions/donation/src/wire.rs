//! Request and answer types, with their OpenAPI schemas.

mod page;
mod pledges;
mod points;
mod reports;
mod search;
mod stats;

pub use page::*;
pub use pledges::*;
pub use points::*;
pub use reports::*;
pub use search::*;
pub use stats::*;

use std::collections::BTreeSet;

use shared::input::{Object, Rejection};

use crate::domain::Item;

/// Whether no item stands twice in the list `items`; notes a fault where one does.
fn no_item_twice(o: &Object<'_>, mut items: impl Iterator<Item = Item>) -> bool {
    let mut seen = BTreeSet::new();
    let fine = items.all(|item| seen.insert(item));
    if !fine {
        o.reject("items", Rejection::new("repeated", "含有重复项。", "An item stands twice."));
    }
    fine
}
