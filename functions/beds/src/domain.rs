//! The rules, pure: they take `now` and plain values, and know neither HTTP nor SQL.

mod application;
mod block;
mod home;
mod kinds;
mod population;
mod record;
mod rules;
mod search;
mod subsidy;
mod table;

pub use application::{ApplicationStatus, Decision, Offer, Place, Standing, Step, StepKind, StepRefusal};
pub use block::{Block, BlockHome, HomeFacts, NewEntry, Room};
pub use home::{
    Ages, Counts, Freshness, Home, MOST_BEDS, MOST_MONTHLY_FEN, RoomPlan, more_occupied_than_beds,
};
pub use kinds::{CareLevel, CareLevels, Feature, Features, Ownership, RoomType};
pub use population::{SOURCE as POPULATION_SOURCE, SOURCE_ZH as POPULATION_SOURCE_ZH, elders, residents};
pub use record::{Preference, Record, Taken};
pub use rules::Rules;
pub use search::{Hit, RoomFilter, Search, Sort};
pub use subsidy::{Household, Reason, Subsidy, SubsidyRule, net_monthly_fen};
pub use table::{HOME_COLUMNS, home_cells, read_homes};
