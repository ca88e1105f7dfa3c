//! The rules, pure: they take `now` and plain values, and know neither HTTP nor SQL.

mod certificate;
mod code;
mod free_time;
mod kinds;
mod opportunity;
mod profile;
mod record;
mod rules;
mod search;
mod signup;

pub use certificate::{RevocationReason, statement};
pub use code::{SHOWN_S, code_at, is_code_at};
pub use free_time::{FreeTime, Parts};
pub use kinds::{Coded, Field, GuardianRelation, Set, Skill, Training};
pub use opportunity::{
    Detail, Insurance, NewOpportunity, NewShift, OpportunityStatus, Requirements, Shift, ShiftId, ShiftStatus,
};
pub use profile::{Grown, Match, Profile, Reason};
pub use record::{
    CorrectionReason, DisputeReason, RecordStanding, RecordStatus, RecordStep, RecordStepKind, Why,
    served_minutes,
};
pub use rules::Rules;
pub use search::{Block, Eye, Facts, Hit, NewEntry, Search, Sort};
pub use signup::SignupStatus;
