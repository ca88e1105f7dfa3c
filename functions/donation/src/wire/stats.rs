use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use shared::divisions::DivisionCode;
use shared::input::{Object, division_code, stretch_of_days};
use utoipa::ToSchema;

use crate::domain::{Item, ItemUnit};

/// 统计 · What happened over a stretch of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stats {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Quantities by district and item.
    pub items: Vec<ItemStats>,
    /// Pledges by district and the status that they reached in these days.
    pub pledges: Vec<PledgeStats>,
}

/// 统计 · Quantities of one item in one district.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemStats {
    /// The district.
    pub division_code: String,
    /// The item.
    pub item: Item,
    /// What the quantities count.
    pub unit: ItemUnit,
    /// How much.
    #[serde(flatten)]
    pub quantities: Quantities,
}

/// How much was moved by each step.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Quantities {
    /// 已登记 · Pledged.
    pub pledged: i64,
    /// 已接收 · Received.
    pub received: i64,
    /// 已分拣 · Found to be of use.
    pub sorted: i64,
    /// 已发运 · Dispatched.
    pub dispatched: i64,
    /// 已送达 · Delivered.
    pub delivered: i64,
}

/// 统计 · Pledges of one district.
#[derive(Debug, Serialize, ToSchema)]
pub struct PledgeStats {
    /// The district.
    pub division_code: String,
    /// Pledges by the status that they reached.
    pub by_status: BTreeMap<String, i64>,
}

/// 公开统计 · Counts for everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct Summary {
    /// 捐赠接收点 · Points.
    pub points: i64,
    /// Pledges by the status that they have reached: one that was delivered counts in each before.
    pub pledges: BTreeMap<String, i64>,
    /// By item.
    pub items: Vec<ItemSummary>,
}

/// 公开统计 · One item.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemSummary {
    /// The item.
    pub item: Item,
    /// What the quantities count.
    pub unit: ItemUnit,
    /// 已接收 · Received.
    pub received: i64,
    /// 已送达 · Delivered.
    pub delivered: i64,
}

/// What `GET /stats` is asked for.
pub struct StatsQuery {
    /// The first day; the default is 29 days ago.
    pub from: NaiveDate,
    /// The last day; the default is today.
    pub to: NaiveDate,
    /// Only in this division.
    pub division: Option<DivisionCode>,
}

impl StatsQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let days = stretch_of_days(q, today);
        let division = q.optional("division_code", division_code);
        let (from, to) = days?;
        Some(Self { from, to, division: division? })
    }
}
