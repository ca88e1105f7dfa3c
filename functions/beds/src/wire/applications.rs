use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    instant::Instant,
    resident_id::{ResidentId, mask_name, mask_phone},
};
use utoipa::ToSchema;

use crate::domain::{ApplicationStatus, CareLevel, RoomType, StepKind};

mod input;
mod view;

pub use input::*;
pub use view::*;

/// What of an applicant is sealed. Has no `Debug`: people stay out of logs.
#[derive(Serialize, Deserialize)]
pub struct Secret {
    /// Name.
    pub name: String,
    /// Resident identity number.
    pub id_number: String,
    /// Telephone.
    pub phone: String,
}

/// 申请人 · Who wants a bed; masked, except to staff of the institutions and the district.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Applicant {
    /// 姓名 · Name.
    pub name: String,
    /// 居民身份证号码 · Resident identity number.
    pub id_number: String,
    /// 电话 · Telephone.
    pub phone: String,
    /// GB/T 2260 code of where the household is registered.
    #[schema(value_type = String)]
    pub division_code: DivisionCode,
    /// 照护等级 · The care level.
    #[schema(value_type = u8)]
    pub care_level: CareLevel,
    /// 评估日期 · The day of the assessment, once staff have seen its result; `null` before.
    pub assessed_on: Option<String>,
}

impl Secret {
    /// The secret as everybody but staff sees it.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self {
            name: mask_name(&self.name),
            id_number: ResidentId::parse(&self.id_number).map(|id| id.masked()).unwrap_or_default(),
            phone: mask_phone(&self.phone),
        }
    }
}

/// 轮候位置 · A place in a queue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Position {
    /// The institution.
    pub institution_id: String,
    /// Its name.
    pub institution_name: String,
    /// The room type.
    pub room_type: RoomType,
    /// 1 is next; `null` while the application isn't waiting.
    pub position: Option<i64>,
}

/// 入住通知状态 · What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    /// 待确认 · The bed is kept.
    Open,
    /// 已接受 · Accepted.
    Accepted,
    /// 已谢绝 · Declined.
    Declined,
    /// 已逾期 · It ran out.
    Expired,
    /// 已撤回 · The application was taken back.
    Withdrawn,
}

/// 入住通知 · A bed that is or was kept for somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferView {
    /// Its id.
    pub id: String,
    /// The application.
    pub application: String,
    /// The institution.
    pub institution_id: String,
    /// Its name.
    pub institution_name: String,
    /// The room type.
    pub room_type: RoomType,
    /// What became of it.
    pub status: OfferStatus,
    /// When it was made.
    pub made_at: Instant,
    /// Until when it can be accepted; no longer at that instant.
    pub expires_at: Instant,
}

/// One step of an application's timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineStep {
    /// What happened.
    pub step: StepKind,
    /// When.
    pub at: Instant,
    /// By whom: `citizen`, `system`, or staff, to citizens just `staff`.
    pub by: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub institution_id: Option<String>,
    /// The room type there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub room_type: Option<RoomType>,
}

/// Where things of an application are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationLinks {
    /// The application.
    #[serde(rename = "self")]
    pub this: String,
    /// Where it is withdrawn, while it can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withdraw: Option<String>,
    /// Where the open offer is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub accept: Option<String>,
    /// Where it is declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decline: Option<String>,
}

/// 入住申请 · An application for a bed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Application {
    /// 申请编号 · Its public name.
    pub reference: String,
    /// 凭证 · What opens it; only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
    /// How far it has come.
    pub status: ApplicationStatus,
    /// Who.
    pub applicant: Applicant,
    /// 志愿与轮候位置 · Where, and how many come first.
    pub positions: Vec<Position>,
    /// 最近的入住通知 · The open offer, or the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub offer: Option<OfferView>,
    /// Every offer, in order.
    pub offers: Vec<OfferView>,
    /// What happened, in order.
    pub timeline: Vec<TimelineStep>,
    /// When it was made.
    pub created_at: Instant,
    /// Where things are.
    pub links: ApplicationLinks,
}

/// 轮候名单 · Applications for an institution.
#[derive(Debug, Serialize, ToSchema)]
pub struct Applications {
    /// Those that wait, in the order of the queue of each room type; else by age.
    pub items: Vec<QueuedApplication>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// An application in a list; the applicant is masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedApplication {
    /// The room type that it is listed for.
    pub room_type: Option<RoomType>,
    /// Its place in that queue; `null` where it doesn't wait.
    pub position: Option<i64>,
    /// The application.
    #[serde(flatten)]
    pub application: Application,
}
