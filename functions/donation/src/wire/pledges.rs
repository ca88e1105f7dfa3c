//! Gifts and their way.

mod input;

use serde::Serialize;
use shared::{
    i18n::Text,
    input::{Object, choice, integer},
    instant::Instant,
    resident_id::{mask_name, mask_phone},
};
use utoipa::ToSchema;

pub use input::*;

use super::PointHead;
use crate::domain::{Item, ItemUnit, Line, PledgeStatus};

/// 捐赠 · A gift and its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pledge {
    /// 编号 · Its public name.
    pub reference: String,
    /// 凭证 · What opens it; only in the answer that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
    /// 状态 · How far it has come.
    pub status: PledgeStatus,
    /// Where it is brought.
    pub point: PointHead,
    /// By item.
    pub items: Vec<PledgeItem>,
    /// The giver: masked, except to staff of the point's area.
    pub donor: Donor,
    /// 去向 · What happened, in order.
    pub timeline: Vec<TimelineStep>,
    /// Its consignments, in order.
    pub dispatches: Vec<DispatchView>,
    /// 接收凭证 · Once it was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub receipt: Option<ReceiptLink>,
    /// Where to go on.
    pub links: PledgeLinks,
}

/// 物品 · One item of a gift and how far its quantities have come.
#[derive(Debug, Serialize, ToSchema)]
pub struct PledgeItem {
    /// The item.
    pub item: Item,
    /// What the quantities count.
    pub unit: ItemUnit,
    /// 说明 · What the giver wrote of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
    /// 已登记 · Announced.
    pub pledged: i64,
    /// 已接收 · Brought.
    pub received: i64,
    /// 已分拣 · Found to be of use.
    pub sorted: i64,
    /// 已发运 · Sent, to whatever destination.
    pub dispatched: i64,
    /// 已送达 · Arrived.
    pub delivered: i64,
}

/// 捐赠人 · The giver.
#[derive(Debug, Serialize, ToSchema)]
pub struct Donor {
    /// 姓名 · Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// 电话 · Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phone: Option<String>,
    /// 匿名 · Gives without a name.
    pub anonymous: bool,
}

impl Donor {
    /// As the giver's page and lists show it.
    #[must_use]
    pub fn masked(secret: &Secret) -> Self {
        Self {
            name: secret.name.as_deref().map(mask_name),
            phone: secret.phone.as_deref().map(mask_phone),
            anonymous: secret.anonymous,
        }
    }

    /// As staff see it; the look is in the audit log.
    #[must_use]
    pub fn unmasked(secret: &Secret) -> Self {
        Self { name: secret.name.clone(), phone: secret.phone.clone(), anonymous: secret.anonymous }
    }
}

/// 经过 · One step of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineStep {
    /// What was done.
    pub step: PledgeStatus,
    /// When.
    pub at: Instant,
    /// By whom: `citizen` or `staff`; to staff, which of them.
    pub by: String,
    /// Where: the point, or the destination of a consignment.
    pub place: String,
    /// How much of what.
    pub items: Vec<Line>,
    /// Of a dispatch or delivery: the consignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dispatch: Option<String>,
}

/// 发运 · A consignment to one destination.
#[derive(Debug, Serialize, ToSchema)]
pub struct DispatchView {
    /// Its id.
    pub id: String,
    /// 去向 · Where to.
    pub destination: String,
    /// GB/T 2260 division code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub division_code: Option<String>,
    /// What it carries, and how much of it arrived.
    pub items: Vec<DispatchItem>,
    /// When it left.
    pub dispatched_at: Instant,
    /// When it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub delivered_at: Option<Instant>,
}

/// 发运物品 · One item of a consignment.
#[derive(Debug, Serialize, ToSchema)]
pub struct DispatchItem {
    /// The item.
    pub item: Item,
    /// How much was sent.
    pub quantity: i64,
    /// How much arrived.
    pub delivered: i64,
}

/// 接收凭证 · A receipt's number and where anybody can check it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptLink {
    /// 凭证编号 · Its number.
    pub number: String,
    /// Where it is checked.
    pub url: String,
}

/// Where to go on from a gift.
#[derive(Debug, Serialize, ToSchema)]
pub struct PledgeLinks {
    /// The gift itself.
    #[serde(rename = "self")]
    pub this: String,
    /// Cancels it, while it wasn't brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cancel: Option<String>,
}

/// 捐赠一览 · Gifts of a point, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pledges {
    /// The gifts, givers masked.
    pub items: Vec<Pledge>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// 接收凭证 · What a receipt says; nothing of who gave.
///
/// 本凭证不是财政部门监制的捐赠票据 · This is no donation invoice of the finance authority (Charity Law, art. 38).
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// 凭证编号 · Its number.
    pub number: String,
    /// When the gift was received.
    pub issued_at: Instant,
    /// Where.
    pub point: ReceiptPoint,
    /// What was received.
    pub items: Vec<ReceiptItem>,
    /// 状态 · How far the gift has come.
    pub status: PledgeStatus,
    /// What the receipt is not.
    pub note: String,
}

/// The point that issued a receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptPoint {
    /// Its id.
    pub id: String,
    /// 名称 · Its name.
    pub name: String,
    /// 运营单位 · Who runs it.
    pub operator: String,
    /// 样例数据 · Made up.
    pub sample: bool,
}

/// One item of a receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptItem {
    /// The item.
    pub item: Item,
    /// What the quantity counts.
    pub unit: ItemUnit,
    /// How much was received.
    pub quantity: i64,
}

/// What a receipt is not, for whoever reads it.
#[must_use]
pub fn receipt_note() -> Text {
    Text::new(
        "本凭证证明所列物资已由该点接收，不是财政部门监制的捐赠票据。",
        "This confirms that the point received what is listed; it is no donation invoice of the finance authority.",
    )
}

/// What a list of pledges is asked for.
pub struct PledgesQuery {
    /// Only with this status.
    pub status: Option<PledgeStatus>,
    /// After this number.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
}

impl PledgesQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let status = q.optional("status", choice(PledgeStatus::WORDS));
        let limit = q.optional("limit", integer(1..=100));
        let after = q.optional("cursor", integer(0..=i64::MAX));
        Some(Self { status: status?, after: after?.unwrap_or(0), limit: limit?.unwrap_or(20) })
    }
}
