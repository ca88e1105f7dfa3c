//! The cells of a row.

use std::ops::RangeInclusive;

use csv::StringRecord;
use serde_json::Value;
use shared::{
    divisions::{DivisionCode, Level},
    geo::{Position, city_bounds},
    i18n::Text,
    input::{self, Rejection},
};

use super::{
    Column, Columns, ItemStatus, RowFault,
    columns::narrow,
    formula::unguarded,
    items::{self, ItemsCell},
};

/// A row being read: hands out its cells one by one and notes their faults, as [`input::Object`] does for JSON.
pub(super) struct Row<'a> {
    line: u64,
    record: &'a StringRecord,
    columns: &'a Columns,
    faults: &'a mut Vec<RowFault>,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        line: u64,
        record: &'a StringRecord,
        columns: &'a Columns,
        faults: &'a mut Vec<RowFault>,
    ) -> Self {
        Self { line, record, columns, faults }
    }

    /// Whether the row has as many fields as the header; notes a fault where it hasn't.
    pub(super) fn has_all_fields(&mut self) -> bool {
        let (found, expected) = (self.record.len(), self.columns.width);
        if found != expected {
            let message = Text::of(
                format!("有 {found} 个字段，应有 {expected} 个;请检查分隔符和引号。"),
                format!("It has {found} fields, not {expected}: look at the separators and quotation marks."),
            );
            self.faults.push(RowFault::new(self.line, "", Rejection { code: "fields", message }));
        }
        found == expected
    }

    /// The cell's value, which must be there.
    pub(super) fn required<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, Rejection>,
    ) -> Option<T> {
        match self.optional(column, parse)? {
            Some(value) => Some(value),
            None => self.note(column, Err(Rejection::new("required", "必填。", "Required."))),
        }
    }

    /// The cell's value where it isn't empty; the outer `None` is a fault.
    pub(super) fn optional<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, Rejection>,
    ) -> Option<Option<T>> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return Some(None);
        }
        let value = if cell.contains(char::is_control) { Err(control_character()) } else { parse(cell) };
        self.note(column, value).map(Some)
    }

    /// The position in both its columns, each judged also where the other is at fault.
    pub(super) fn location(&mut self) -> Option<Position> {
        let lat = self.required(Column::Lat, number);
        let lon = self.required(Column::Lon, number);
        let city = city_bounds();
        let swapped = lat.zip(lon).is_some_and(|(lat, lon)| city.contains(&Position { lat: lon, lon: lat }));
        let lat = lat.and_then(|lat| self.note(Column::Lat, within(city.south..=city.north, lat, swapped)));
        let lon = lon.and_then(|lon| self.note(Column::Lon, within(city.west..=city.east, lon, swapped)));
        Some(Position { lat: lat?, lon: lon? }.rounded())
    }

    /// What the row says of its items, with a fault for each entry that is wrong; the outer `None` is a fault.
    pub(super) fn items(&mut self, now: i64) -> Option<Option<Vec<ItemStatus>>> {
        let Some(ItemsCell { items, faults }) =
            self.optional(Column::Items, |cell| Ok(items::read(cell, now)))?
        else {
            return Some(None);
        };
        let good = faults.is_empty();
        faults.into_iter().for_each(|fault| self.reject(Column::Items, fault));
        good.then_some(Some(items))
    }

    /// Notes a fault of a cell.
    pub(super) fn reject(&mut self, column: Column, rejection: Rejection) {
        let name = self.columns.place(column).map_or("", |(_, name)| name);
        self.faults.push(RowFault::new(self.line, name, rejection));
    }

    fn note<T>(&mut self, column: Column, result: Result<T, Rejection>) -> Option<T> {
        result.map_err(|rejection| self.reject(column, rejection)).ok()
    }

    /// The cell's text, empty where the file lacks the column.
    fn cell(&self, column: Column) -> &'a str {
        let cell = self.columns.place(column).and_then(|(index, _)| self.record.get(index));
        unguarded(cell.unwrap_or_default().trim())
    }
}

fn control_character() -> Rejection {
    Rejection::new(
        "characters",
        "含有换行或其他控制字符。",
        "It holds a line break or another control character.",
    )
}

/// 1 to 40 lower-case letters, digits and hyphens.
pub(super) fn id(cell: &str) -> Result<String, Rejection> {
    let allowed = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    if (1..=40).contains(&cell.len()) && cell.bytes().all(allowed) {
        Ok(cell.to_owned())
    } else {
        Err(Rejection::new(
            "id",
            "编号应为 1 至 40 个小写字母、数字或连字符。",
            "An id has 1 to 40 lower-case letters, digits and hyphens.",
        ))
    }
}

/// 1 to `most` characters.
pub(super) fn text(most: usize) -> impl Fn(&str) -> Result<String, Rejection> {
    as_json(input::text(1..=most))
}

/// A telephone number, compact.
pub(super) fn phone(cell: &str) -> Result<String, Rejection> {
    as_json(input::phone)(cell)
}

/// A division within the city.
pub(super) fn division_code(cell: &str) -> Result<DivisionCode, Rejection> {
    let code = as_json(input::division_code)(cell)?;
    if code.level() == Level::Municipality {
        return Err(Rejection::new(
            "division_code",
            "应为区、街道(镇)或居(村)委会的代码，不能是全市。",
            "This has to be a district, sub-district or committee, not the whole city.",
        ));
    }
    Ok(code)
}

/// Yes or no, in either language or as 1 or 0.
pub(super) fn yes_or_no(cell: &str) -> Result<bool, Rejection> {
    match narrow(cell).as_str() {
        "true" | "1" | "是" | "yes" => Ok(true),
        "false" | "0" | "否" | "no" => Ok(false),
        _ => Err(Rejection::new("unknown_value", "应为“是”或“否”。", "This has to be yes or no.")),
    }
}

fn number(cell: &str) -> Result<f64, Rejection> {
    cell.parse().ok().filter(|number: &f64| number.is_finite()).ok_or(Rejection::new(
        "number",
        "应为数字，如 31.2304。",
        "This has to be a number such as 31.2304.",
    ))
}

/// Degrees that are the city's; `swapped` where latitude and longitude fit when they change places.
fn within(city: RangeInclusive<f64>, degrees: f64, swapped: bool) -> Result<f64, Rejection> {
    if city.contains(&degrees) {
        return Ok(degrees);
    }
    Err(if swapped {
        Rejection::new(
            "outside_city",
            "不在本市范围内;纬度和经度似乎填反了。",
            "This is outside the city: latitude and longitude seem to have changed places.",
        )
    } else {
        Rejection::new("outside_city", "不在本市范围内。", "This is outside the city.")
    })
}

/// A parser of JSON strings for a cell.
fn as_json<T>(parse: impl Fn(&Value) -> Result<T, Rejection>) -> impl Fn(&str) -> Result<T, Rejection> {
    move |cell| parse(&Value::String(cell.to_owned()))
}
