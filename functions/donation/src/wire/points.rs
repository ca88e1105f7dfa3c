use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::{
    calendar::WorkingCalendar,
    divisions::DivisionCode,
    geo::Position,
    input::{Object, Rejection, boolean, choice, division_code, instant, phone, position, text},
    instant::Instant,
    map::check_place,
    opening_hours::OpeningHours,
};
use utoipa::ToSchema;

use crate::domain::{Item, ItemState, ItemStatus, PointRow, check_length};

/// Every item.
const ITEMS: std::ops::RangeInclusive<usize> = 0..=10;

/// What of a point no clock changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointHead {
    /// Its id.
    pub id: String,
    /// 名称 · Name.
    pub name: String,
    /// 运营单位 · Who runs it.
    pub operator: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String, example = "310101002")]
    pub division_code: DivisionCode,
    /// 地址 · Address.
    pub address: String,
    /// WGS 84.
    pub location: Position,
    /// 电话 · Telephone.
    pub phone: String,
    /// 开放时间 · When it is open.
    pub hours: OpeningHours,
    /// 样例数据 · Sample data: this point is made up.
    pub sample: bool,
}

/// What of a point changes with time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointNow {
    /// 接收物品 · What it takes; an item that isn't listed isn't taken.
    pub items: Vec<ItemView>,
    /// 现在开放 · Whether it is open.
    pub open_now: bool,
    /// 下次开放 · While it is closed: when it opens, where that is within 30 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opens_at: Option<Instant>,
    /// 关门时间 · While it is open: until when, unless it never closes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closes_at: Option<Instant>,
    /// Distance from `near` in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub distance_m: Option<u32>,
    /// 最近确认 · When somebody last confirmed all of this.
    pub updated_at: Instant,
    /// 信息可能已过时 · Nobody has confirmed it for long (the parameter `point_stale_days`).
    pub stale: bool,
}

/// 捐赠接收点 · A donation point.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Point {
    /// What stays.
    #[serde(flatten)]
    pub head: PointHead,
    /// What changes with time.
    #[serde(flatten)]
    pub now: PointNow,
}

/// 物品状态 · What a point says of one item.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ItemView {
    /// The item.
    pub item: Item,
    /// Its state.
    pub state: ItemState,
    /// Until when; from then on the item is accepted again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<Instant>,
}

/// What an answer needs to know of the moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Now.
    pub now: DateTime<Utc>,
    /// After how many seconds without a confirmation a point is stale.
    pub stale_after_s: i64,
}

/// Whether a point is open at a moment, and until or from when.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Doors {
    open_now: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    opens_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes_at: Option<Instant>,
}

impl Doors {
    /// What opening hours make of a moment.
    #[must_use]
    pub fn at(moment: Moment, hours: &OpeningHours) -> Self {
        let calendar = WorkingCalendar::embedded();
        let instant = |at: DateTime<Utc>| Instant::at(at.timestamp());
        let open_now = hours.is_open(moment.now, calendar);
        Self {
            open_now,
            opens_at: (!open_now).then(|| hours.opens_at(moment.now, calendar)).flatten().map(instant),
            closes_at: open_now.then(|| hours.closes_at(moment.now, calendar)).flatten().map(instant),
        }
    }
}

impl PointNow {
    /// What holds of a point at a moment.
    #[must_use]
    pub fn of(
        (items, doors, confirmed_at): (impl Iterator<Item = ItemStatus>, Doors, i64),
        distance_m: Option<u32>,
        moment: Moment,
    ) -> Self {
        let now = moment.now.timestamp();
        let Doors { open_now, opens_at, closes_at } = doors;
        Self {
            items: items.map(|status| ItemView::of(status.at(now))).collect(),
            open_now,
            opens_at,
            closes_at,
            distance_m,
            updated_at: Instant::at(confirmed_at),
            stale: now - confirmed_at > moment.stale_after_s,
        }
    }
}

impl ItemView {
    pub(super) fn of(status: ItemStatus) -> Self {
        Self { item: status.item, state: status.state, until: status.until.map(Instant::at) }
    }
}

/// 需求一览 · What is urgently needed, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct Needs {
    /// By point.
    pub items: Vec<Need>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// 急需 · One item that a point urgently needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Need {
    /// The item.
    pub item: Item,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<Instant>,
    /// The point.
    pub point: Point,
}

/// What `PUT /points/{id}` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct PointInput {
    /// 名称 · Name.
    #[schema(max_length = 80)]
    name: String,
    /// 运营单位 · Who runs it.
    #[schema(max_length = 80)]
    operator: String,
    /// GB/T 2260 division code: a district, sub-district or committee.
    #[schema(example = "310101002")]
    division_code: String,
    /// 地址 · Address.
    #[schema(max_length = 200)]
    address: String,
    /// WGS 84; within the division's district.
    location: Position,
    /// 电话 · Telephone.
    #[schema(example = "021-12345678")]
    phone: String,
    /// 开放时间 · When it is open.
    hours: OpeningHours,
    /// 接收物品 · What it takes. Absent: an existing point keeps its items, a new one takes nothing yet.
    items: Option<Vec<ItemInput>>,
    /// 样例数据 · Made up.
    #[serde(default)]
    sample: bool,
}

/// What is said of one item.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct ItemInput {
    /// The item, each once.
    item: Item,
    /// Its state.
    state: ItemState,
    /// Until when, at most 366 days ahead; not with `accepting`.
    until: Option<DateTime<chrono::FixedOffset>>,
}

/// What `PATCH /points/{id}/items` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct ItemsInput {
    /// The items to change; the others stay as they are.
    #[schema(min_items = 1, max_items = 10)]
    items: Vec<ItemInput>,
}

/// Reads the body of `PUT /points/{id}`.
pub fn read_point(id: &str, o: &Object<'_>, now: i64) -> Option<PointRow> {
    let name = o.required("name", text(1..=80));
    let operator = o.required("operator", text(1..=80));
    let division_code = o.required("division_code", division_code);
    let address = o.required("address", text(1..=200));
    let location = o.required("location", position);
    let phone = o.required("phone", phone);
    let hours = o.required_object("hours", OpeningHours::read);
    let items = o
        .optional_objects("items", ITEMS, |item| read_item(item, now))
        .filter(|items| o.all_different("items", items.iter().flatten().map(|status| status.item)));
    let sample = o.optional("sample", boolean);
    let (division_code, location) = (division_code?, location?.rounded());
    if let Err(rejection) = check_place(&division_code, location) {
        o.reject(if rejection.code == "division_code" { "division_code" } else { "location" }, rejection);
        return None;
    }
    Some(PointRow {
        id: id.to_owned(),
        name: name?,
        operator: operator?,
        division_code,
        address: address?,
        location,
        phone: phone?,
        hours: Arc::new(hours?),
        items: items?,
        sample: sample?.unwrap_or(false),
    })
}

/// Reads the body of `PATCH /points/{id}/items`.
pub fn read_items(o: &Object<'_>, now: i64) -> Option<Vec<ItemStatus>> {
    let items = o.required_objects("items", 1..=*ITEMS.end(), |item| read_item(item, now))?;
    o.all_different("items", items.iter().map(|status| status.item)).then_some(items)
}

fn read_item(o: &Object<'_>, now: i64) -> Option<ItemStatus> {
    let item = o.required("item", choice(Item::WORDS));
    let state = o.required("state", choice(ItemState::WORDS));
    let until = o.optional("until", instant);
    let until = until?.map(|until| until.timestamp());
    if let Some(rejection) = until.and_then(|until| wrong_end(state?, until, now)) {
        o.reject("until", rejection);
        return None;
    }
    Some(ItemStatus { item: item?, state: state?, until })
}

fn wrong_end(state: ItemState, until: i64, now: i64) -> Option<Rejection> {
    if state == ItemState::Accepting {
        return Some(Rejection::new("until", "“接收”状态没有期限。", "Accepting has no end."));
    }
    if until <= now {
        return Some(Rejection::new("past", "应晚于现在。", "This has to lie ahead."));
    }
    check_length(until, now).err()
}
