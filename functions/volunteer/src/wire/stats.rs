use chrono::NaiveDate;
use serde::Serialize;
use shared::{
    divisions::DivisionCode,
    input::{Object, division_code, stretch_of_months},
};
use utoipa::ToSchema;

use crate::domain::Field;

/// 统计 · Volunteers and their service by district.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stats {
    /// The first day of the service that is counted: that of its month.
    pub from: NaiveDate,
    /// The last day, that of its month, or today.
    pub to: NaiveDate,
    /// 少于此人数不显示 · Where fewer people are behind a number, it is `null` (`statistics_suppressed_below`).
    pub suppressed_below: u32,
    /// The districts.
    pub items: Vec<DistrictStats>,
}

/// One district.
#[derive(Debug, Serialize, ToSchema)]
pub struct DistrictStats {
    /// GB/T 2260.
    pub division_code: String,
    /// 区名 · Its name.
    pub name: String,
    /// 注册志愿者 · Volunteers who serve there and are registered now.
    pub registered: Option<i64>,
    /// 活跃志愿者 · Of these, those who served anywhere in the time.
    pub active: Option<i64>,
    /// 服务领域 · Service in the district, by field.
    pub fields: Vec<FieldStats>,
}

/// Service in one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldStats {
    /// 服务领域 · What it is for.
    pub field: Field,
    /// 服务时间(小时) · Hours that count, to one decimal.
    pub hours: Option<f64>,
    /// 参与人数 · People who served them.
    pub volunteers: Option<i64>,
}

/// What `GET /stats` is asked for.
pub struct StatsQuery {
    /// The first day.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// Only this district.
    pub division: Option<DivisionCode>,
}

impl StatsQuery {
    /// Reads the query; the months of the last 30 days where none are given.
    pub fn read(q: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let months = stretch_of_months(q, today);
        let division = q.optional("division_code", division_code);
        let (from, to) = months?;
        Some(Self { from, to, division: division?.map(|division| division.district()) })
    }
}
