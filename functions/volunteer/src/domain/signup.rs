use serde::{Deserialize, Serialize};
use shared::input::word_of;
use utoipa::ToSchema;

/// 报名状态 · Whether somebody has a place in a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignupStatus {
    /// 已报名 · They have one.
    Confirmed,
    /// 候补中 · They wait for one.
    Waitlisted,
    /// 已退出 · They withdrew.
    Withdrawn,
    /// 班次取消 · The shift was cancelled.
    Cancelled,
}

impl SignupStatus {
    /// Every status with its word.
    pub const WORDS: &[(&str, Self)] = &[
        ("confirmed", Self::Confirmed),
        ("waitlisted", Self::Waitlisted),
        ("withdrawn", Self::Withdrawn),
        ("cancelled", Self::Cancelled),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}
