//! Donation points as CSV, the form in which their operators keep them: see [`shared::table`].

use std::{collections::HashMap, sync::Arc};

use shared::{
    divisions::DivisionCode,
    geo::Position,
    opening_hours::OpeningHours,
    table::{self, Column, Row, Table, yes_or_no_text},
};

use super::{Item, ItemStatus};

mod items;

#[cfg(test)]
mod tests;

/// The columns, in the order in which they are written.
pub const POINT_COLUMNS: &[Column; 11] = &[
    Column::required("id", "编号", &[]),
    Column::required("name", "名称", &[]),
    Column::required("operator", "运营单位", &["主办单位", "机构"]),
    Column::required("division_code", "区划代码", &["行政区划代码", "行政区划"]),
    Column::required("address", "地址", &[]),
    Column::required("lat", "纬度", &["latitude"]),
    Column::required("lon", "经度", &["longitude", "lng"]),
    Column::required("phone", "电话", &["联系电话"]),
    Column::required("hours", "开放时间", &["营业时间", "opening_hours"]),
    Column::optional("items", "接收物品", &["物品", "接收物资"]),
    Column::optional("sample", "样例", &[]),
];

/// A donation point as a row of a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct PointRow {
    /// 1 to 40 lower-case letters, digits and hyphens.
    pub id: String,
    /// 1 to 80 characters.
    pub name: String,
    /// Who runs it; 1 to 80 characters.
    pub operator: String,
    /// A division of the city, not the whole city.
    pub division_code: DivisionCode,
    /// 1 to 200 characters.
    pub address: String,
    /// Where it is, within [`shared::geo::city_bounds`].
    pub location: Position,
    /// Digits with an optional leading `+`.
    pub phone: String,
    /// When it is open; shared by the rows of a file that say the same.
    pub hours: Arc<OpeningHours>,
    /// What it says of the items; `None` where the cell is empty or the column missing: an existing point keeps its
    /// items.
    pub items: Option<Vec<ItemStatus>>,
    /// Whether it is made up, for demonstrations.
    pub sample: bool,
}

/// Reads the points of a file.
///
/// Codes of the faults: those of [`table::read`]; of cells: `required`, `characters`, `length`, `id`, `repeated`,
/// `division_code`, `number`, `outside_city`, `phone`, `unknown_value`, `count`, `date`, `past`, `out_of_range`, `until`,
/// and those of [`OpeningHours::parse_text`].
#[must_use]
pub fn read_table(text: &str, now: i64) -> Table<PointRow> {
    // Most points keep the same few hours, and reading these is the slowest part of a row.
    let mut known = HashMap::new();
    let mut hours = |text: &str| match known.get(text) {
        Some(hours) => Clone::clone(hours),
        None => {
            let parsed = OpeningHours::parse_text(text).map(Arc::new);
            known.entry(text.to_owned()).insert_entry(parsed).get().clone()
        }
    };
    table::read(text, POINT_COLUMNS, |row: &mut Row<'_>| {
        let id = row.id("id");
        let name = row.required("name", table::text(80));
        let operator = row.required("operator", table::text(80));
        let division_code = row.required("division_code", table::division_code);
        let address = row.required("address", table::text(200));
        let location = row.position("lat", "lon");
        let phone = row.required("phone", table::phone);
        let hours = row.required("hours", &mut hours);
        let most = Item::WORDS.len();
        let items =
            row.list("items", most, |entry| items::status(entry, now), |status| status.item.name_zh());
        let sample = row.optional("sample", table::yes_or_no);
        Some(PointRow {
            id: id?,
            name: name?,
            operator: operator?,
            division_code: division_code?,
            address: address?,
            location: location?,
            phone: phone?,
            hours: hours?,
            items: items?,
            sample: sample?.unwrap_or(false),
        })
    })
}

/// The cells of a point, for [`POINT_COLUMNS`].
///
/// Items come back as they were but for the time of day at which a state ends: the file has only the day. A state that
/// has run out is refused on reading, so a row holds what [`ItemStatus::at`] gives now.
#[must_use]
pub fn point_cells(row: PointRow) -> [String; 11] {
    [
        row.id,
        row.name,
        row.operator,
        row.division_code.to_string(),
        row.address,
        row.location.lat.to_string(),
        row.location.lon.to_string(),
        table::spreadsheet_phone(&row.phone),
        row.hours.to_text(),
        row.items.map(|items| table::joined(items.into_iter().map(items::written))).unwrap_or_default(),
        yes_or_no_text(row.sample).to_owned(),
    ]
}
