//! Donation points as CSV, the form in which their operators keep them.
//!
//! # Design
//! A file comes from a spreadsheet and from people, so its form is taken generously (character set, separator, order
//! and names of the columns, letter case, full-width punctuation) and its content strictly. Faults of the header
//! make every row doubtful, so then no row is judged; otherwise each row gives all its faults, with the line on
//! which a text editor shows it.
//!
//! # Formulas
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@` (also full-width), a tab or a carriage return. Such
//! a cell is written with one apostrophe before it, and one that begins with apostrophes before such a character
//! gets one more; reading takes exactly one off again. So a name `=1+1` is harmless in the file and comes back as it
//! was.

use std::{collections::HashMap, sync::Arc};

use csv::StringRecord;
use shared::{
    divisions::DivisionCode, geo::Position, i18n::Text, input::Rejection, opening_hours::OpeningHours,
};

use super::ItemStatus;

mod cells;
mod columns;
mod decode;
mod formula;
mod items;
mod records;
mod write;

#[cfg(test)]
mod tests;

use cells::Row;
use columns::{Column, Columns};
pub use decode::decode_table;
use records::Records;
pub use write::write_table;

/// The most rows of one file.
pub const MAX_ROWS: usize = 20_000;

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

/// One fault of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The line on which the row begins, from 1; a line break within quotation marks counts too.
    pub line: u64,
    /// The column as the file's header names it, or its API name where the header lacks it; empty where the fault is
    /// of the whole row or file.
    pub column: String,
    /// Stable code, `snake_case`.
    pub code: &'static str,
    /// What is wrong, for a person.
    pub message: Text,
}

impl RowFault {
    fn new(line: u64, column: impl Into<String>, Rejection { code, message }: Rejection) -> Self {
        Self { line, column: column.into(), code, message }
    }
}

/// From so many faults on, each further row tells only its first: every faulty row is listed, and a file that is faulty
/// all over fits into memory.
const MANY_FAULTS: usize = 40_000;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The rows without fault, each with the line on which it begins.
    pub rows: Vec<(u64, PointRow)>,
    /// Every fault, by line; beyond the first 40,000 one of each row.
    pub faults: Vec<RowFault>,
    /// How many rows the file has, good or not; 0 where the header is at fault.
    pub count: usize,
}

/// Reads the rows of a file. Rows without content are skipped. The separator is a comma, or, where the header has
/// none, a semicolon or tab.
///
/// Codes of the faults: `empty`, `missing_column`, `unknown_column`, `repeated_column`, `too_many_rows` (then no row
/// is judged), `fields` (too few or too many in a row); of cells: `required`, `characters`, `length`, `id`,
/// `repeated`, `division_code`, `number`, `outside_city`, `phone`, `unknown_value`, `count`, `date`, `past`,
/// `until`, and those of [`OpeningHours::parse_text`].
#[must_use]
pub fn read_table(text: &str, now: i64) -> Table {
    let mut records = Records::new(text);
    let mut record = StringRecord::new();
    let Some(line) = records.read(&mut record) else {
        let empty = Rejection::new("empty", "文件是空的。", "The file is empty.");
        return Table { faults: vec![RowFault::new(1, "", empty)], ..Table::default() };
    };
    let columns = match Columns::read(line, &record) {
        Ok(columns) => columns,
        Err(faults) => return Table { faults, ..Table::default() },
    };
    let mut reader =
        Reader { columns, now, table: Table::default(), seen: HashMap::new(), hours: HashMap::new() };
    let mut first_too_many = None;
    while let Some(line) = records.read(&mut record) {
        reader.table.count += 1;
        if reader.table.count <= MAX_ROWS {
            reader.judge(line, &record);
        } else {
            first_too_many.get_or_insert(line);
        }
    }
    match first_too_many {
        Some(line) => {
            Table { faults: vec![too_many_rows(line)], count: reader.table.count, rows: Vec::new() }
        }
        None => reader.table,
    }
}

fn too_many_rows(line: u64) -> RowFault {
    let message = Text::of(
        format!("一个文件最多 {MAX_ROWS} 行数据，请拆分。"),
        format!("A file has at most {MAX_ROWS} rows: split it."),
    );
    RowFault::new(line, "", Rejection { code: "too_many_rows", message })
}

/// What reading needs to remember from row to row.
struct Reader {
    columns: Columns,
    now: i64,
    table: Table,
    /// The line that first has an id.
    seen: HashMap<String, u64>,
    /// Most points keep the same few hours, and reading these is the slowest part of a row.
    hours: HashMap<String, Result<Arc<OpeningHours>, Rejection>>,
}

impl Reader {
    fn judge(&mut self, line: u64, record: &StringRecord) {
        let Self { columns, now, table, seen, hours } = self;
        let before = table.faults.len();
        let mut row = Row::new(line, record, columns, &mut table.faults);
        if !row.has_all_fields() {
            return;
        }
        let id = row.required(Column::Id, cells::id).filter(|id| {
            let first = *seen.entry(id.clone()).or_insert(line);
            if first != line {
                row.reject(Column::Id, repeated_id(first));
            }
            first == line
        });
        let name = row.required(Column::Name, cells::text(80));
        let operator = row.required(Column::Operator, cells::text(80));
        let division_code = row.required(Column::DivisionCode, cells::division_code);
        let address = row.required(Column::Address, cells::text(200));
        let location = row.location();
        let phone = row.required(Column::Phone, cells::phone);
        let hours = row.required(Column::Hours, |text| match hours.get(text) {
            Some(known) => known.clone(),
            None => {
                let parsed = OpeningHours::parse_text(text).map(Arc::new);
                hours.entry(text.to_owned()).insert_entry(parsed).get().clone()
            }
        });
        let items = row.items(*now);
        let sample = row.optional(Column::Sample, cells::yes_or_no);
        let point = || {
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
        };
        table.rows.extend(point().map(|point| (line, point)));
        if before >= MANY_FAULTS {
            table.faults.truncate(before + 1);
        }
    }
}

fn repeated_id(first: u64) -> Rejection {
    let message =
        Text::of(format!("编号重复:第 {first} 行已有。"), format!("Line {first} has this id already."));
    Rejection { code: "repeated", message }
}
