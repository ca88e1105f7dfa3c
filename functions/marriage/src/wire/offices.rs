use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    geo::Position,
    input::{Object, division_code, integer, phone, position, text},
};
use utoipa::ToSchema;

use crate::domain::Service;

/// 婚姻登记处 · A marriage registration office.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Office {
    /// Its id.
    pub id: String,
    /// 名称 · Name.
    pub name: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String, example = "310101")]
    pub division_code: DivisionCode,
    /// 地址 · Address.
    pub address: String,
    /// 电话 · Telephone.
    pub phone: String,
    /// WGS 84.
    pub location: Position,
    /// What it offers.
    pub services: Vec<Service>,
    /// 样例数据 · Sample data: this office is made up.
    pub sample: bool,
    /// Distance from `near` in metres.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub distance_m: Option<u32>,
}

/// 婚姻登记处一览 · Offices.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offices {
    /// The offices.
    pub items: Vec<Office>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What [`Offices`] are asked for.
pub struct OfficesQuery {
    /// Only offices in this division.
    pub division: Option<DivisionCode>,
    /// Nearest first.
    pub near: Option<Position>,
    /// At most so many.
    pub limit: usize,
    /// The page.
    pub cursor: usize,
}

impl OfficesQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let district = q.optional("district_code", division_code);
        let division = q.optional("division_code", division_code);
        let near = q.optional("near", position);
        let limit = q.optional("limit", integer(1..=100));
        let cursor = q.optional("cursor", integer(0..=100_000));
        Some(Self {
            division: district?.or(division?),
            near: near?,
            limit: usize::try_from(limit?.unwrap_or(20)).ok()?,
            cursor: usize::try_from(cursor?.unwrap_or(0)).ok()?,
        })
    }
}

/// What `PUT /offices/{id}` takes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OfficeInput {
    /// 名称 · Name.
    pub name: String,
    /// GB/T 2260 division code.
    #[schema(example = "310101")]
    pub division_code: String,
    /// 地址 · Address.
    pub address: String,
    /// 电话 · Telephone.
    #[schema(example = "021-12345678")]
    pub phone: String,
    /// WGS 84.
    pub location: Position,
    /// What it offers.
    pub services: Vec<Service>,
    /// 样例数据 · Made up.
    #[serde(default)]
    pub sample: bool,
}

impl Office {
    /// Reads the body of `PUT /offices/{id}`.
    pub fn read(id: &str, o: &Object<'_>) -> Option<Self> {
        let name = o.required("name", text(1..=80));
        let division_code = o.required("division_code", division_code);
        let address = o.required("address", text(1..=200));
        let phone = o.required("phone", phone);
        let location = o.required("location", position);
        let services =
            o.required("services", shared::input::list(1..=4, shared::input::choice(Service::WORDS)));
        let sample = o.optional("sample", shared::input::boolean);
        Some(Self {
            id: id.to_owned(),
            name: name?,
            division_code: division_code?,
            address: address?,
            phone: phone?,
            location: location?,
            services: services?,
            sample: sample?.unwrap_or(false),
            distance_m: None,
        })
    }
}
