//! The rules: pure, synchronous, told what time it is.

mod block;
mod item;
mod pledge;
mod rules;
mod search;
mod search_text;
mod table;

pub use block::*;
pub use item::*;
pub use pledge::*;
pub use rules::*;
pub use search::*;
pub use search_text::*;
pub use table::*;
