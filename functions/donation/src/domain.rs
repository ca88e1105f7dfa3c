//! The rules: pure, synchronous, told what time it is.

mod item;
mod search_text;
mod table;

pub use item::*;
pub use search_text::*;
pub use table::*;
