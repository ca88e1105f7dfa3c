//! The rules: pure, synchronous, told what time it is.

mod calendar_file;
mod eligibility;
mod materials;
mod party;
mod rules;
mod schedule;
mod service;

pub use calendar_file::calendar_file;
pub(crate) use eligibility::contradiction;
pub use eligibility::{certificate_window, check_parties};
pub use materials::{Material, materials};
pub use party::{IdType, Identity, Party};
pub use rules::Rules;
pub use schedule::{DayPlan, DayStatus, Exception, GENERATED_DAYS, Slot, Timetable, day_status, slots};
pub use service::Service;
