use chrono::NaiveDate;
use serde::Serialize;
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
    /// 服务时间(小时) · Hours that count, to one decimal, of the months in which enough people served.
    pub hours: Option<f64>,
    /// 参与人数 · People who served them.
    pub volunteers: Option<i64>,
}
