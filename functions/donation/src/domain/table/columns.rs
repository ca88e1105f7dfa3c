//! The columns and the header that names them.

use std::collections::BTreeMap;

use csv::StringRecord;
use shared::{i18n::Text, input::Rejection};

use super::RowFault;

/// How many columns that don't exist are listed, and how much of their names.
const UNKNOWN_LISTED: usize = 32;
const NAME_LENGTH: usize = 64;

/// A column, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Id,
    Name,
    Operator,
    DivisionCode,
    Address,
    Lat,
    Lon,
    Phone,
    Hours,
    Items,
    Sample,
}

/// A column with its API name, its Chinese name and what else a header may call it.
type Names = (Column, &'static str, &'static str, &'static [&'static str]);

impl Column {
    pub(super) const NAMES: &[Names] = &[
        (Self::Id, "id", "编号", &[]),
        (Self::Name, "name", "名称", &[]),
        (Self::Operator, "operator", "运营单位", &["主办单位", "机构"]),
        (Self::DivisionCode, "division_code", "区划代码", &["行政区划代码", "行政区划"]),
        (Self::Address, "address", "地址", &[]),
        (Self::Lat, "lat", "纬度", &["latitude"]),
        (Self::Lon, "lon", "经度", &["longitude", "lng"]),
        (Self::Phone, "phone", "电话", &["联系电话"]),
        (Self::Hours, "hours", "开放时间", &["营业时间", "opening_hours"]),
        (Self::Items, "items", "接收物品", &["物品", "接收物资"]),
        (Self::Sample, "sample", "样例", &[]),
    ];

    fn named(header: &str) -> Option<Self> {
        let name = word(&narrow(header));
        let names = Self::NAMES.iter();
        names
            .clone()
            .find(|(_, en, zh, aliases)| name == *en || name == *zh || aliases.contains(&name.as_str()))
            .map(|(column, ..)| *column)
    }

    fn may_be_missing(self) -> bool {
        matches!(self, Self::Items | Self::Sample)
    }
}

/// Where a file has each column.
pub(super) struct Columns {
    places: BTreeMap<Column, (usize, String)>,
    /// How many fields a row has.
    pub(super) width: usize,
}

impl Columns {
    /// Reads the header that stands on `line`.
    pub(super) fn read(line: u64, header: &StringRecord) -> Result<Self, Vec<RowFault>> {
        let mut places = BTreeMap::new();
        let mut faults = Vec::new();
        for (index, cell) in header.iter().enumerate() {
            let name: String = cell.trim().chars().take(NAME_LENGTH).collect();
            let rejection = match Column::named(cell) {
                Some(column) if !places.contains_key(&column) => {
                    places.insert(column, (index, name));
                    continue;
                }
                Some(_) => Rejection::new("repeated_column", "这一列重复出现。", "This column stands twice."),
                None => unknown(index, &name),
            };
            faults.push(RowFault::new(line, name, rejection));
            if faults.len() == UNKNOWN_LISTED {
                break;
            }
        }
        let missing = Column::NAMES
            .iter()
            .filter(|(column, ..)| !column.may_be_missing() && !places.contains_key(column))
            .map(|(_, en, zh, _)| RowFault::new(line, *en, missing(en, zh)));
        faults.extend(missing);
        if faults.is_empty() { Ok(Self { places, width: header.len() }) } else { Err(faults) }
    }

    /// Where a column stands in a record, and its name in the file's header.
    pub(super) fn place(&self, column: Column) -> Option<(usize, &str)> {
        self.places.get(&column).map(|(index, name)| (*index, name.as_str()))
    }
}

fn unknown(index: usize, name: &str) -> Rejection {
    let number = index.saturating_add(1);
    let message = if name.is_empty() {
        Text::of(format!("第 {number} 列没有列名。"), format!("Column {number} has no name."))
    } else {
        Text::of(format!("没有名为“{name}”的列。"), format!("There is no column “{name}”."))
    };
    Rejection { code: "unknown_column", message }
}

fn missing(en: &str, zh: &str) -> Rejection {
    let message = Text::of(format!("缺少“{zh}”列。"), format!("The column “{en}” is missing."));
    Rejection { code: "missing_column", message }
}

/// The text with full-width forms of ASCII made ordinary and letters made small.
pub(super) fn narrow(text: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        full @ 0xFF01..=0xFF5E => char::from_u32(full - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// A narrow name as the API spells it: `Medical supplies` is `medical_supplies`.
pub(super) fn word(narrow: &str) -> String {
    narrow.trim().replace([' ', '-'], "_")
}
