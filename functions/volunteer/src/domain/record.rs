//! An entry of a volunteer's record: from the check-in to hours that count, and what may happen to them after.

use serde::{Deserialize, Serialize};
use shared::input::word_of;
use utoipa::ToSchema;

/// 记录状态 · How far an entry has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordStatus {
    /// 已签到 · Checked in.
    CheckedIn,
    /// 待确认 · Checked out; the organisation confirms it.
    Recorded,
    /// 已确认 · Its minutes count.
    Confirmed,
    /// 有异议 · The volunteer disputes it; what counted before still does.
    Disputed,
}

impl RecordStatus {
    /// Every status with its word.
    pub const WORDS: &[(&str, Self)] = &[
        ("checked_in", Self::CheckedIn),
        ("recorded", Self::Recorded),
        ("confirmed", Self::Confirmed),
        ("disputed", Self::Disputed),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// 记录步骤 · What happened to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordStepKind {
    /// 签到 · The volunteer checked in.
    CheckedIn,
    /// 补录 · Staff entered it, for whoever couldn't check in.
    Added,
    /// 签退 · The volunteer checked out.
    CheckedOut,
    /// 确认 · Staff confirmed it.
    Confirmed,
    /// 更正 · Staff corrected it, which also confirms it.
    Corrected,
    /// 异议 · The volunteer disputed it.
    Disputed,
}

impl RecordStepKind {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CheckedIn => "checked_in",
            Self::Added => "added",
            Self::CheckedOut => "checked_out",
            Self::Confirmed => "confirmed",
            Self::Corrected => "corrected",
            Self::Disputed => "disputed",
        }
    }
}

/// What somebody wants to do with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordStep {
    /// The volunteer leaves; so many minutes of the shift were served.
    CheckOut {
        /// Minutes within the shift.
        minutes: i64,
    },
    /// Staff confirm what was recorded. A dispute is settled by a correction, which says why: so a confirmation that is sent
    /// again never closes one unread.
    Confirm,
    /// Staff say how many minutes it was.
    Correct {
        /// Minutes.
        minutes: i64,
    },
    /// The volunteer says that it is wrong.
    Dispute,
}

/// How an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordStanding {
    /// How far it has come.
    pub status: RecordStatus,
    /// Minutes that were recorded last.
    pub minutes: i64,
    /// Minutes that count towards the total.
    pub counted: i64,
}

/// Minutes of service between a check-in and a check-out: only those within the shift, so that the way there and back
/// doesn't count.
#[must_use]
pub fn served_minutes((starts_at, ends_at): (i64, i64), checked_in_at: i64, checked_out_at: i64) -> i64 {
    (checked_out_at.min(ends_at) - checked_in_at.max(starts_at)).max(0) / 60
}

impl RecordStanding {
    /// Where a check-in begins.
    pub const BEGUN: Self = Self { status: RecordStatus::CheckedIn, minutes: 0, counted: 0 };

    /// Where an entry begins that staff make.
    #[must_use]
    pub fn added(minutes: i64) -> Self {
        Self { status: RecordStatus::Confirmed, minutes, counted: minutes }
    }

    /// What a step makes of it, and what the step is called; `None` where it may not be taken now.
    #[must_use]
    pub fn take(self, step: RecordStep) -> Option<(RecordStepKind, Self)> {
        use RecordStatus::{CheckedIn, Confirmed, Disputed, Recorded};
        match (step, self.status) {
            // Whoever left by mistake checks out again.
            (RecordStep::CheckOut { minutes }, CheckedIn | Recorded) => {
                Some((RecordStepKind::CheckedOut, Self { status: Recorded, minutes, ..self }))
            }
            (RecordStep::Confirm, Recorded) => {
                Some((RecordStepKind::Confirmed, Self { status: Confirmed, counted: self.minutes, ..self }))
            }
            (RecordStep::Correct { minutes }, _) => {
                Some((RecordStepKind::Corrected, Self { status: Confirmed, minutes, counted: minutes }))
            }
            (RecordStep::Dispute, Recorded | Confirmed) => {
                Some((RecordStepKind::Disputed, Self { status: Disputed, ..self }))
            }
            (RecordStep::CheckOut { .. }, Confirmed | Disputed)
            | (RecordStep::Confirm, CheckedIn | Confirmed | Disputed)
            | (RecordStep::Dispute, CheckedIn | Disputed) => None,
        }
    }
}

/// 更正理由 · Why an entry was corrected or made by hand. Words, not text: the log keeps them for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionReason {
    /// 忘记签到 · The check-in was forgotten.
    ForgotCheckIn,
    /// 忘记签退 · The check-out was forgotten.
    ForgotCheckOut,
    /// 设备故障 · A device or the network failed.
    DeviceFailure,
    /// 提前离开 · They left early, or were away for a while.
    Absent,
    /// 延长服务 · They stayed longer.
    Overtime,
    /// 误登记 · It wasn't them.
    Mistaken,
    /// 异议成立 · The dispute is right.
    DisputeUpheld,
    /// 异议不成立 · The dispute isn't right: the minutes stay as they were.
    DisputeRejected,
    /// 其他 · Something else, which stands in the organisation's own file.
    Other,
}

impl CorrectionReason {
    /// Every reason with its word.
    pub const WORDS: &[(&str, Self)] = &[
        ("forgot_check_in", Self::ForgotCheckIn),
        ("forgot_check_out", Self::ForgotCheckOut),
        ("device_failure", Self::DeviceFailure),
        ("absent", Self::Absent),
        ("overtime", Self::Overtime),
        ("mistaken", Self::Mistaken),
        ("dispute_upheld", Self::DisputeUpheld),
        ("dispute_rejected", Self::DisputeRejected),
        ("other", Self::Other),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// 异议理由 · What a volunteer says is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeReason {
    /// 时长有误 · The minutes are wrong.
    WrongMinutes,
    /// 未参加 · They weren't there.
    NotThere,
    /// 其他 · Something else.
    Other,
}

impl DisputeReason {
    /// Every reason with its word.
    pub const WORDS: &[(&str, Self)] =
        &[("wrong_minutes", Self::WrongMinutes), ("not_there", Self::NotThere), ("other", Self::Other)];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// Why a step was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Why {
    /// Of a correction.
    Correction(CorrectionReason),
    /// Of a dispute.
    Dispute(DisputeReason),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn step() -> impl Strategy<Value = RecordStep> {
        prop_oneof![
            (0..800_i64).prop_map(|minutes| RecordStep::CheckOut { minutes }),
            Just(RecordStep::Confirm),
            (0..800_i64).prop_map(|minutes| RecordStep::Correct { minutes }),
            Just(RecordStep::Dispute),
        ]
    }

    proptest! {
        #[test]
        fn only_staff_make_minutes_count_and_a_dispute_takes_none_away(steps in prop::collection::vec(step(), 0..30)) {
            let mut standing = RecordStanding::BEGUN;
            for step in steps {
                let Some((kind, next)) = standing.take(step) else { continue };
                let by_staff = matches!(kind, RecordStepKind::Confirmed | RecordStepKind::Corrected);
                prop_assert!(by_staff || next.counted == standing.counted);
                prop_assert_eq!(by_staff, next.status == RecordStatus::Confirmed);
                prop_assert!(!by_staff || next.counted == next.minutes);
                prop_assert!(kind != RecordStepKind::Confirmed || next.minutes == standing.minutes);
                prop_assert!(kind != RecordStepKind::CheckedOut || next.counted == 0);
                standing = next;
            }
        }

        #[test]
        fn nobody_serves_more_than_the_shift_and_earlier_or_later_adds_nothing(
            start in 0..1_000_000_i64, length in 1..50_000_i64, came in -5_000..60_000_i64, stayed in 0..60_000_i64
        ) {
            let shift = (start, start + length);
            let (from, to) = (start + came, start + came + stayed);
            let minutes = served_minutes(shift, from, to);
            prop_assert!((0..=length / 60).contains(&minutes) && minutes <= stayed / 60);
            prop_assert_eq!(served_minutes(shift, from.min(start), to.max(shift.1)), length / 60);
            prop_assert!(served_minutes(shift, from, to + 60) >= minutes);
        }
    }

    #[test]
    fn an_entry_goes_its_way() {
        let recorded = RecordStanding::BEGUN.take(RecordStep::CheckOut { minutes: 90 }).unwrap().1;
        assert_eq!((recorded.status, recorded.counted), (RecordStatus::Recorded, 0));
        assert_eq!(RecordStanding::BEGUN.take(RecordStep::Confirm), None, "nobody knows how long yet");
        assert_eq!(
            recorded.take(RecordStep::CheckOut { minutes: 99 }).unwrap().1.minutes,
            99,
            "they came back"
        );
        let confirmed = recorded.take(RecordStep::Confirm).unwrap().1;
        assert_eq!(confirmed.counted, 90);
        let disputed = confirmed.take(RecordStep::Dispute).unwrap().1;
        assert_eq!((disputed.status, disputed.counted), (RecordStatus::Disputed, 90));
        assert_eq!(disputed.take(RecordStep::Dispute), None);
        assert_eq!(disputed.take(RecordStep::Correct { minutes: 120 }).unwrap().1.counted, 120);
        assert_eq!(disputed.take(RecordStep::Confirm), None, "a dispute is settled with a reason");
        assert_eq!(disputed.take(RecordStep::Correct { minutes: 90 }).unwrap().1, confirmed);
        assert_eq!(confirmed.take(RecordStep::CheckOut { minutes: 99 }), None);
    }
}
