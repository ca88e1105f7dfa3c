//! A row and its cells.

use std::{collections::HashMap, ops::RangeInclusive};

use csv::StringRecord;

use super::{RowFault, cells, columns::Header, formula::unguarded, list};
use crate::{
    geo::{Position, city_bounds},
    i18n::Text,
    input::Rejection,
};

/// A row being read: hands out its cells one by one, by their columns' API names, and notes their faults, as
/// [`input::Object`](crate::input::Object) does for JSON.
///
/// Its own codes are `required`, `characters` (a control character), `repeated` (an id, or an entry of a list),
/// `outside_city`, `count` (of a list) and `number` (of a position).
pub struct Row<'a> {
    line: u64,
    record: &'a StringRecord,
    header: &'a Header,
    faults: &'a mut Vec<RowFault>,
    /// The line that first has an id.
    seen: &'a mut HashMap<String, u64>,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        line: u64,
        record: &'a StringRecord,
        header: &'a Header,
        faults: &'a mut Vec<RowFault>,
        seen: &'a mut HashMap<String, u64>,
    ) -> Self {
        Self { line, record, header, faults, seen }
    }

    /// Whether the row has as many fields as the header; notes a fault where it hasn't.
    pub(super) fn has_all_fields(&mut self) -> bool {
        let (found, expected) = (self.record.len(), self.header.width);
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
    pub fn required<T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Rejection>,
    ) -> Option<T> {
        match self.optional(column, parse)? {
            Some(value) => Some(value),
            None => self.note(column, Err(Rejection::new("required", "必填。", "Required."))),
        }
    }

    /// The cell's value where it isn't empty; the outer `None` is a fault.
    pub fn optional<T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Rejection>,
    ) -> Option<Option<T>> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return Some(None);
        }
        let value = if cell.contains(char::is_control) { Err(control_character()) } else { parse(cell) };
        self.note(column, value).map(Some)
    }

    /// The row's [id](cells::id), which no other row of the file may have, not even a faulty one.
    pub fn id(&mut self, column: &'static str) -> Option<String> {
        let id = self.required(column, cells::id)?;
        let first = *self.seen.entry(id.clone()).or_insert(self.line);
        if first == self.line {
            return Some(id);
        }
        let message =
            Text::of(format!("编号重复:第 {first} 行已有。"), format!("Line {first} has this id already."));
        self.note(column, Err(Rejection { code: "repeated", message }))
    }

    /// The position in both its columns, within the city; each is judged also where the other is at fault.
    pub fn position(&mut self, lat_column: &'static str, lon_column: &'static str) -> Option<Position> {
        let lat = self.required(lat_column, cells::number);
        let lon = self.required(lon_column, cells::number);
        let city = city_bounds();
        let swapped = lat.zip(lon).is_some_and(|(lat, lon)| city.contains(&Position { lat: lon, lon: lat }));
        let lat = lat.and_then(|lat| self.note(lat_column, within(city.south..=city.north, lat, swapped)));
        let lon = lon.and_then(|lon| self.note(lon_column, within(city.west..=city.east, lon, swapped)));
        Some(Position { lat: lat?, lon: lon? }.rounded())
    }

    /// The entries of a cell, 1 to `most` of them, each with a fault of its own; `无` or `none` for no entry. They
    /// stand between `;`, `、`, `|` or `,`, also full-width, and come to `parse` with full-width forms of ASCII made
    /// ordinary and letters made small. `name` says of an entry what no other may have again.
    ///
    /// `None` within is an empty cell, or a column that the file lacks; the outer `None` is a fault.
    pub fn list<T>(
        &mut self,
        column: &'static str,
        most: usize,
        parse: impl FnMut(&str) -> Result<T, Rejection>,
        name: impl Fn(&T) -> &'static str,
    ) -> Option<Option<Vec<T>>> {
        let Some(read) = self.optional(column, |cell| Ok(list::read(cell, most, parse, name)))? else {
            return Some(None);
        };
        match read {
            Ok(entries) => Some(Some(entries)),
            Err(faults) => {
                faults.into_iter().for_each(|fault| self.reject(column, fault));
                None
            }
        }
    }

    /// The [list](Self::list) of different words of a cell: each in the API's spelling or by its Chinese name.
    pub fn words<T: Copy>(
        &mut self,
        column: &'static str,
        words: &'static [(&'static str, T)],
        name_zh: impl Fn(T) -> &'static str + Copy,
    ) -> Option<Option<Vec<T>>> {
        self.list(column, words.len(), list::choice(words, name_zh), |entry| name_zh(*entry))
    }

    /// Notes a fault of a cell, which makes the row a faulty one.
    pub fn reject(&mut self, column: &'static str, rejection: Rejection) {
        self.faults.push(RowFault::new(self.line, self.header.name(column), rejection));
    }

    fn note<T>(&mut self, column: &'static str, result: Result<T, Rejection>) -> Option<T> {
        result.map_err(|rejection| self.reject(column, rejection)).ok()
    }

    /// The cell's text, empty where the file lacks the column.
    fn cell(&self, column: &'static str) -> &'a str {
        let cell = self.header.place(column).and_then(|index| self.record.get(index));
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
