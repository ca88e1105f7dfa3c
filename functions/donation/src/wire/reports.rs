use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    input::{Object, Rejection, choice, division_code, integer, text, word_of},
    instant::Instant,
};
use utoipa::ToSchema;

/// 纠错类型 · What is wrong with a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// 已关闭 · It is closed for good.
    Closed,
    /// 已搬迁 · It has moved.
    Moved,
    /// 时间有误 · Its hours are wrong.
    WrongHours,
    /// 其他 · Something else.
    Other,
}

impl ReportKind {
    /// Every kind with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("closed", Self::Closed),
        ("moved", Self::Moved),
        ("wrong_hours", Self::WrongHours),
        ("other", Self::Other),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// 处理结果 · What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已更正 · The point was corrected.
    Corrected,
    /// 信息无误 · The point is as it says, which confirms it.
    Unfounded,
}

impl Outcome {
    /// Both outcomes with their words in the API.
    pub const WORDS: &[(&str, Self)] = &[("corrected", Self::Corrected), ("unfounded", Self::Unfounded)];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// What `POST /points/{id}/reports` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct ReportInput {
    /// What is wrong.
    kind: ReportKind,
    /// 说明 · In words; needed with `other`.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Reads the body of `POST /points/{id}/reports`.
pub fn read_report(o: &Object<'_>) -> Option<(ReportKind, Option<String>)> {
    let kind = o.required("kind", choice(ReportKind::WORDS));
    let note = o.optional("note", text(1..=500));
    let (kind, note) = (kind?, note?);
    if kind == ReportKind::Other && note.is_none() {
        o.reject("note", Rejection::new("required", "必填。", "Required."));
        return None;
    }
    Some((kind, note))
}

/// 纠错 · A citizen's correction.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// Its id.
    pub id: String,
    /// The point.
    pub point: ReportedPoint,
    /// What is wrong.
    pub kind: ReportKind,
    /// 说明 · In words; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
    /// 状态 · Whether it was settled.
    pub status: ReportStatus,
    /// When it was made.
    pub created_at: Instant,
    /// When it was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub settled_at: Option<Instant>,
    /// By whom; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub settled_by: Option<String>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<Outcome>,
    /// 答复 · In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub answer: Option<String>,
}

/// The point that a report is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedPoint {
    /// Its id.
    pub id: String,
    /// 名称 · Its name.
    pub name: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String)]
    pub division_code: DivisionCode,
}

/// 状态 · Whether a report was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    /// 待处理 · Not yet.
    Open,
    /// 已处理 · It was.
    Settled,
}

impl ReportStatus {
    /// Both with their words in the API.
    pub const WORDS: &[(&str, &'static str)] = &[("open", "open"), ("settled", "settled")];
}

/// 纠错一览 · Reports, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reports {
    /// The reports.
    pub items: Vec<Report>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What `GET /reports` is asked for.
#[derive(Debug, Default)]
pub struct ReportsQuery {
    /// `open` or `settled`.
    pub status: Option<&'static str>,
    /// Of points in this division.
    pub division: Option<DivisionCode>,
    /// After this number.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
}

impl ReportsQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let status = q.optional("status", choice(ReportStatus::WORDS));
        let division = q.optional("division_code", division_code);
        let limit = q.optional("limit", integer(1..=100));
        let after = q.optional("cursor", integer(0..=i64::MAX));
        Some(Self {
            status: status?,
            division: division?,
            after: after?.unwrap_or(0),
            limit: limit?.unwrap_or(20),
        })
    }
}

/// What `POST /reports/{id}/settle` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct SettleInput {
    /// What came of it.
    outcome: Outcome,
    /// 答复 · In words.
    #[schema(max_length = 500)]
    answer: Option<String>,
}

/// Reads the body of `POST /reports/{id}/settle`.
pub fn read_settlement(o: &Object<'_>) -> Option<(Outcome, Option<String>)> {
    let outcome = o.required("outcome", choice(Outcome::WORDS));
    let answer = o.optional("answer", text(1..=500));
    Some((outcome?, answer?))
}
