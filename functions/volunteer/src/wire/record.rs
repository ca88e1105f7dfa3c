use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    input::{Object, Rejection, choice, instant, integer, lines, slug, text},
    instant::Instant,
};
use utoipa::ToSchema;

use super::read_page;
use crate::domain::{CorrectionReason, DisputeReason, Field, RecordStatus, RecordStepKind, Why};

/// 记录步骤 · What happened to an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordStepView {
    /// What.
    pub step: RecordStepKind,
    /// When.
    pub at: Instant,
    /// By whom: `citizen`, or staff, to volunteers just `staff`.
    pub by: String,
    /// 分钟 · Minutes that were recorded then.
    pub minutes: i64,
    /// 计入分钟 · Minutes that counted then.
    pub counted_minutes: i64,
    /// Why, of a correction or a dispute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<Why>,
    /// 申诉分钟 · How many minutes it was, as the volunteer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub claimed_minutes: Option<i64>,
    /// 说明 · The volunteer's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
}

/// 志愿服务记录 · An entry of a volunteer's record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordEntry {
    /// Its id.
    pub entry: String,
    /// 状态 · How far it has come.
    pub status: RecordStatus,
    /// 志愿者编号 · The volunteer.
    pub volunteer_no: String,
    /// The shift.
    pub shift_id: String,
    /// When the shift began.
    pub starts_at: Instant,
    /// When it ended.
    pub ends_at: Instant,
    /// The opportunity.
    pub opportunity_id: String,
    /// 服务内容 · What it is called.
    pub title: String,
    /// 服务领域 · What it is for.
    pub field: Field,
    /// GB/T 2260 division code.
    #[schema(value_type = String, example = "310104003")]
    pub division_code: DivisionCode,
    /// The organisation.
    pub organisation_id: String,
    /// 组织名称 · Its name.
    pub organisation_name: String,
    /// 签到 · When the volunteer checked in.
    pub checked_in_at: Option<Instant>,
    /// 签退 · When they checked out.
    pub checked_out_at: Option<Instant>,
    /// 记录分钟 · Minutes within the shift: the way there and back doesn't count.
    pub minutes: i64,
    /// 计入分钟 · Of these, minutes that count towards the total.
    pub counted_minutes: i64,
    /// 异议截止 · Until when it can be disputed.
    pub disputable_until: Instant,
    /// 全过程 · Everything that happened to it, in order.
    pub steps: Vec<RecordStepView>,
}

/// 志愿服务记录 · A volunteer's record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Record {
    /// 志愿者编号 · The volunteer.
    pub volunteer_no: String,
    /// 服务时间(分钟) · Minutes that count, of all entries.
    pub total_minutes: i64,
    /// 待确认分钟 · Minutes that were recorded and don't count yet.
    pub pending_minutes: i64,
    /// 星级 · Stars, 0 to 5 (`star_hours`).
    pub star: u32,
    /// 下一星级 · The minutes that the next star takes; `null` with all of them.
    pub next_star_minutes: Option<i64>,
    /// 记录 · The entries, the latest first.
    pub entries: Vec<RecordEntry>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// 待办记录 · Entries of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordEntries {
    /// By age.
    pub items: Vec<RecordEntry>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What `GET /record` is asked for.
pub struct RecordQuery {
    /// Of this organisation.
    pub organisation: String,
    /// With this status.
    pub status: Option<RecordStatus>,
    /// Of this shift.
    pub shift: Option<String>,
    /// Behind this.
    pub cursor: i64,
    /// How many.
    pub limit: i64,
}

impl RecordQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let organisation = q.required("organisation_id", slug);
        let status = q.optional("status", choice(RecordStatus::WORDS));
        let shift = q.optional("shift_id", text(1..=40));
        let page = read_page(q);
        let (cursor, limit) = page?;
        Some(Self { organisation: organisation?, status: status?, shift: shift?, cursor, limit })
    }
}

/// What `POST /record/{entry}/correct` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct CorrectionInput {
    /// 分钟 · How many minutes it was; at most the length of the shift and `overtime_minutes_most`.
    #[schema(minimum = 0)]
    minutes: i64,
    /// 理由 · Why.
    reason: CorrectionReason,
}

/// Reads the body of `POST …/correct`.
pub fn read_correction(o: &Object<'_>, most: i64) -> Option<(i64, CorrectionReason)> {
    let minutes = o.required("minutes", integer(0..=most));
    let reason = o.required("reason", choice(CorrectionReason::WORDS));
    Some((minutes?, reason?))
}

/// What `POST /shifts/{id}/record` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct AddedRecordInput {
    /// 志愿者编号 · Somebody who has a place in the shift.
    volunteer_no: String,
    /// 到达时间 · From when they served.
    checked_in_at: DateTime<FixedOffset>,
    /// 离开时间 · To when.
    checked_out_at: DateTime<FixedOffset>,
    /// 理由 · Why it is entered by hand.
    reason: CorrectionReason,
}

/// An entry that staff make.
pub struct AddedRecord {
    /// The volunteer.
    pub volunteer_no: String,
    /// From when they served, in Unix seconds.
    pub from: i64,
    /// To when.
    pub to: i64,
    /// Why it is entered by hand.
    pub reason: CorrectionReason,
}

impl AddedRecord {
    /// Reads the body of `POST …/record` at an instant.
    pub fn read(o: &Object<'_>, now: i64) -> Option<Self> {
        let volunteer_no = o.required("volunteer_no", text(1..=40));
        let from = o.required("checked_in_at", instant);
        let to = o.required("checked_out_at", instant);
        let reason = o.required("reason", choice(CorrectionReason::WORDS));
        let (from, to) = (from?.timestamp(), to?.timestamp());
        if to <= from || to > now {
            let message = Rejection::new(
                "range",
                "应晚于到达时间，且不晚于现在。",
                "This has to be after checked_in_at, and not ahead.",
            );
            o.reject("checked_out_at", message);
            return None;
        }
        Some(Self { volunteer_no: volunteer_no?, from, to, reason: reason? })
    }
}

/// What `POST /volunteers/me/record/{entry}/dispute` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct DisputeInput {
    /// 理由 · What is wrong.
    reason: DisputeReason,
    /// 应为分钟 · How many minutes it was.
    #[schema(minimum = 0, maximum = 1440, nullable = false)]
    claimed_minutes: Option<i64>,
    /// 说明 · In your own words.
    #[schema(max_length = 500, nullable = false)]
    note: Option<String>,
}

/// A dispute. Has no `Debug`: what people write stays out of logs.
pub struct Dispute {
    /// What is wrong.
    pub reason: DisputeReason,
    /// How many minutes it was.
    pub claimed: Option<i64>,
    /// In the volunteer's own words.
    pub note: Option<String>,
}

impl Dispute {
    /// Reads the body of `POST …/dispute`.
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let reason = o.required("reason", choice(DisputeReason::WORDS));
        let claimed = o.optional("claimed_minutes", integer(0..=1_440));
        let note = o.optional("note", lines(1..=500));
        Some(Self { reason: reason?, claimed: claimed?, note: note? })
    }
}
