use std::collections::BTreeMap;

use serde::Serialize;
use shared::divisions::DivisionCode;
use shared::instant::Instant;
use utoipa::ToSchema;

use crate::domain::Service;

/// 已改期 · An appointment that was moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Moved {
    /// Which.
    pub reference: String,
    /// When it was.
    pub from: Instant,
    /// When it is.
    pub to: Instant,
}

/// 未能改期 · An appointment that could not be moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotMoved {
    /// Which.
    pub reference: String,
    /// When it is.
    pub start: Instant,
    /// A code: `no_free_seat`, `cooling_off`.
    pub code: String,
}

/// 批量改期结果 · What a rebooking did. Calling again goes on with whoever is left.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Rebooked {
    /// Who was moved.
    pub moved: Vec<Moved>,
    /// Who could not be.
    pub not_moved: Vec<NotMoved>,
}

/// 统计 · One service of one office over the days asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeStats {
    /// The office.
    pub office_id: String,
    /// 名称 · Its name.
    pub office_name: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String)]
    pub division_code: DivisionCode,
    /// The service.
    pub service: Service,
    /// Seats.
    pub capacity: i64,
    /// Seats taken by appointments that were not cancelled.
    pub booked: i64,
    /// Appointments by what became of them.
    pub by_status: BTreeMap<String, i64>,
}

/// 统计 · Appointments over a stretch of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stats {
    /// By office and service.
    pub items: Vec<OfficeStats>,
}
