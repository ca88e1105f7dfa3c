use chrono::NaiveDate;
use serde::Serialize;
use shared::instant::Instant;
use utoipa::ToSchema;

use crate::domain::CareLevel;

/// 统计 · Supply of beds and unmet demand by district.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stats {
    /// The first day of the searches that are counted: that of its month.
    pub from: NaiveDate,
    /// The last day, that of its month, or today.
    pub to: NaiveDate,
    /// 少于此数不显示 · Counts of people and searches below this are `null` (`statistics_suppressed_below`).
    pub suppressed_below: u32,
    /// 老年人口来源 · Where the numbers of elders come from.
    pub elders_source: String,
    /// 推算值 · The number of elders of a district is derived from the city's share.
    pub elders_derived: bool,
    /// The districts.
    pub items: Vec<DistrictStats>,
}

/// One district.
#[derive(Debug, Serialize, ToSchema)]
pub struct DistrictStats {
    /// GB/T 2260; empty where a search named no district.
    pub division_code: String,
    /// 区名 · Its name.
    pub name: String,
    /// 60 岁及以上人口(推算) · Residents of 60 and over, derived.
    pub elders: Option<i64>,
    /// 床位数 · Beds.
    pub beds: i64,
    /// 每千名老年人床位数 · Beds per 1,000 elders, to one decimal.
    pub beds_per_1000_elders: Option<f64>,
    /// 已入住 · Occupied beds.
    pub occupied: i64,
    /// 入住率 · Of 100 beds.
    pub occupancy_percent: Option<f64>,
    /// 空余床位 · Vacant beds whose counts aren't stale.
    pub available: i64,
    /// 确认时间 · The oldest confirmation of its counts.
    pub confirmed_at: Option<Instant>,
    /// 轮候人数 · People who wait, by care level and the district of their household.
    pub waiting: Vec<WaitingStats>,
    /// 查询次数 · Searches for a bed, by care level and the district that was searched.
    pub searches: Vec<SearchStats>,
}

/// People who wait for a bed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WaitingStats {
    /// The care level.
    #[schema(value_type = u8)]
    pub care_level: CareLevel,
    /// How many; `null` where they are few.
    pub count: Option<i64>,
}

/// Searches for a bed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchStats {
    /// The care level.
    #[schema(value_type = u8)]
    pub care_level: CareLevel,
    /// How many; `null` where they are few.
    pub count: Option<i64>,
    /// Of these: how many showed no vacant bed that fits; `null` where they are few.
    pub without_vacancy: Option<i64>,
}
