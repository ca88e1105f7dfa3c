use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    i18n::Text,
    input::{Object, Rejection, boolean, choice, division_code, integer, parsed, phone, slug, text},
    instant::Instant,
    resident_id::{mask_name, mask_phone},
};
use utoipa::ToSchema;

use super::PointHead;
use crate::domain::{Item, ItemUnit, Line, PledgeStatus, Step};

/// What `POST /pledges` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct PledgeInput {
    /// Where it will be brought.
    point_id: String,
    /// What, each item once.
    #[schema(min_items = 1, max_items = 10)]
    items: Vec<PledgeItemInput>,
    /// By whom.
    donor: DonorInput,
}

/// One item of a gift.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct PledgeItemInput {
    /// The item.
    item: Item,
    /// 数量 · Pieces; of cash, fen.
    #[schema(minimum = 1)]
    quantity: i64,
    /// 说明 · In words.
    #[schema(max_length = 200)]
    note: Option<String>,
}

/// The giver.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct DonorInput {
    /// 姓名 · Needed unless `anonymous`.
    #[schema(max_length = 80)]
    name: Option<String>,
    /// 电话 · Telephone.
    phone: Option<String>,
    /// 匿名 · Gives without a name.
    anonymous: bool,
}

/// A gift as it is pledged.
pub struct NewPledge {
    /// Where it will be brought.
    pub point_id: String,
    /// How much of what.
    pub lines: Vec<Line>,
    /// What is sealed.
    pub secret: Secret,
}

/// What only the giver and staff may read; sealed before it reaches the store.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Secret {
    /// The giver's name.
    pub name: Option<String>,
    /// The giver's telephone.
    pub phone: Option<String>,
    /// Whether the giver wants no name shown.
    pub anonymous: bool,
    /// What they wrote of each item.
    pub notes: Vec<(Item, String)>,
}

impl NewPledge {
    /// Reads the body of `POST /pledges`.
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let point_id = o.required("point_id", slug);
        let items = o.required_objects("items", 1..=10, |item| {
            let line = read_line(item, 1);
            let note = item.optional("note", text(1..=200));
            Some((line?, note?))
        });
        let items = items.filter(|items| no_item_twice(o, items.iter().map(|(line, _)| line.item)));
        let donor = o.required_object("donor", |donor| {
            let name = donor.optional("name", text(1..=80));
            let phone = donor.optional("phone", phone);
            let anonymous = donor.required("anonymous", boolean);
            let (name, anonymous) = (name?, anonymous?);
            if !anonymous && name.is_none() {
                donor.reject(
                    "name",
                    Rejection::new("required", "必填;或选择匿名。", "Required, or give anonymously."),
                );
                return None;
            }
            Some((name, phone?, anonymous))
        });
        let (items, (name, phone, anonymous)) = (items?, donor?);
        let notes = items.iter().filter_map(|(line, note)| Some((line.item, note.clone()?))).collect();
        Some(Self {
            point_id: point_id?,
            lines: items.into_iter().map(|(line, _)| line).collect(),
            secret: Secret { name, phone, anonymous, notes },
        })
    }
}

fn read_line(o: &Object<'_>, least: i64) -> Option<Line> {
    let item = o.required("item", choice(Item::WORDS));
    let most = item.map_or(i64::MAX, Item::most);
    let quantity = o.required("quantity", integer(least..=most));
    Some(Line { item: item?, quantity: quantity? })
}

fn no_item_twice(o: &Object<'_>, items: impl Iterator<Item = Item>) -> bool {
    let mut seen = BTreeSet::new();
    let mut items = items;
    let fine = items.all(|item| seen.insert(item));
    if !fine {
        o.reject("items", Rejection::new("repeated", "含有重复项。", "An item stands twice."));
    }
    fine
}

/// The lines of a staff step; the outer `None` is a fault, the inner one stands for all that is left.
#[expect(clippy::option_option, reason = "the accessors of Object speak so")]
fn read_lines(o: &Object<'_>) -> Option<Option<Vec<Line>>> {
    let lines = o.optional_objects("items", 0..=10, |line| read_line(line, 0))?;
    match lines {
        Some(lines) => no_item_twice(o, lines.iter().map(|line| line.item)).then_some(Some(lines)),
        None => Some(None),
    }
}

/// What `…/receive` and `…/sort` take.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct StepInput {
    /// What was counted, each item once; absent: all that is left of the step before.
    items: Option<Vec<Line>>,
}

/// What `…/dispatch` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct DispatchInput {
    /// 去向 · Where to: an organisation or place, not a private person.
    #[schema(max_length = 120)]
    destination: String,
    /// Its GB/T 2260 division code, where it lies in the city.
    division_code: Option<String>,
    /// What is sent, each item once; absent: all that is left.
    items: Option<Vec<Line>>,
}

/// What `…/deliver` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct DeliverInput {
    /// Which consignment; may be absent where one is on its way.
    dispatch: Option<String>,
    /// What arrived, each item once; absent: all of it.
    items: Option<Vec<Line>>,
}

/// A step as staff ask for it, with where a consignment goes.
pub struct StepAsked {
    /// The step.
    pub step: Step,
    /// Of a dispatch: where to.
    pub destination: Option<String>,
    /// Of a dispatch: the division it goes to.
    pub division: Option<DivisionCode>,
}

impl StepAsked {
    fn plain(step: Step) -> Self {
        Self { step, destination: None, division: None }
    }

    /// Reads the body of `…/receive`.
    pub fn receive(o: &Object<'_>) -> Option<Self> {
        read_lines(o).map(Step::Receive).map(Self::plain)
    }

    /// Reads the body of `…/sort`.
    pub fn sort(o: &Object<'_>) -> Option<Self> {
        read_lines(o).map(Step::Sort).map(Self::plain)
    }

    /// Reads the body of `…/dispatch`.
    pub fn dispatch(o: &Object<'_>) -> Option<Self> {
        let destination = o.required("destination", text(1..=120));
        let division = o.optional("division_code", division_code);
        let lines = read_lines(o);
        Some(Self { step: Step::Dispatch(lines?), destination: Some(destination?), division: division? })
    }

    /// Reads the body of `…/deliver`.
    pub fn deliver(o: &Object<'_>) -> Option<Self> {
        let dispatch = o.optional("dispatch", parsed(|id| Ok(id.to_owned())));
        let lines = read_lines(o);
        Some(Self::plain(Step::Deliver(dispatch?, lines?)))
    }
}

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
