//! Lists as CSV, the form in which those who keep them have them: reading a file into rows, writing rows as a file, and
//! what the routes that import and export them have in common.
//!
//! # Design
//! A file comes from a spreadsheet and from people, so its form is taken generously (character set, separator, order
//! and names of the columns, letter case, full-width punctuation) and its content strictly. Faults of the header
//! make every row doubtful, so then no row is judged; otherwise each row gives all its faults, with the line on
//! which a text editor shows it and the column as the file itself names it.
//!
//! A function says which [`Column`]s it has, and [`read`] hands it one [`Row`] after the other, which gives out its
//! cells by the names of the API, as [`input::Object`](crate::input::Object) gives out fields.
//!
//! # Formulas
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@` (also full-width), a tab or a carriage return. Such
//! a cell is written with one apostrophe before it, and one that begins with apostrophes before such a character
//! gets one more; reading takes exactly one off again. So a name `=1+1` is harmless in the file and comes back as it
//! was.

use std::collections::HashMap;

use csv::StringRecord;

use crate::{i18n::Text, input::Rejection, problem::Fault};

mod cells;
mod columns;
mod decode;
mod export;
mod formula;
mod import;
mod list;
mod money;
mod records;
mod row;
mod turn;
mod write;

#[cfg(test)]
mod tests;

pub use cells::*;
pub use columns::Column;
use columns::Header;
pub use decode::decode;
pub use export::{answer, export};
pub use import::{Counts, FILE_LIMIT, ImportFault, Imported, Intake, Upload};
pub use list::{choice, joined, of_entry};
pub use money::{yuan, yuan_text};
use records::Records;
pub use row::Row;
pub use turn::Turn;
pub use write::{Writer, spreadsheet_phone};

/// The most rows of one file.
pub const MAX_ROWS: usize = 20_000;

/// From so many faults on, each further row tells only its first: every faulty row is listed, and a file that is faulty
/// all over fits into memory.
const MANY_FAULTS: usize = 40_000;

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

impl From<RowFault> for Fault {
    fn from(RowFault { line, column, code, message }: RowFault) -> Self {
        let column = column.replace('~', "~0").replace('/', "~1");
        Self { pointer: format!("/{line}/{column}"), code, message }
    }
}

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Table<T> {
    /// The rows without fault, each with the line on which it begins.
    pub rows: Vec<(u64, T)>,
    /// Every fault, by line; beyond the first 40,000 reading gives one of each row.
    pub faults: Vec<RowFault>,
    /// How many rows the file has, good or not; 0 where the header is at fault.
    pub count: usize,
    header: Header,
}

/// Reads the rows of a file. Rows without content are skipped. The separator is a comma, or, where the header has
/// none, a semicolon or tab. `build` may return `None` only where it met a fault.
///
/// Codes of the faults: `empty`, `missing_column`, `unknown_column`, `repeated_column`, `too_many_rows` (then no row
/// is judged), `fields` (too few or too many in a row); of cells those of [`Row`] and of the parsers.
pub fn read<T>(
    text: &str,
    columns: &'static [Column],
    mut build: impl FnMut(&mut Row<'_>) -> Option<T>,
) -> Table<T> {
    let mut records = Records::new(text);
    let mut record = StringRecord::new();
    let Some(line) = records.read(&mut record) else {
        let empty = Rejection::new("empty", "文件是空的。", "The file is empty.");
        return Table::refused(vec![RowFault::new(1, "", empty)]);
    };
    let header = match Header::read(columns, line, &record) {
        Ok(header) => header,
        Err(faults) => return Table::refused(faults),
    };
    let mut table = Table { header, ..Table::refused(Vec::new()) };
    let mut seen = HashMap::new();
    let mut first_too_many = None;
    while let Some(line) = records.read(&mut record) {
        table.count += 1;
        if table.count <= MAX_ROWS {
            table.read_row((line, &record), &mut seen, &mut build);
        } else {
            first_too_many.get_or_insert(line);
        }
    }
    match first_too_many {
        Some(line) => Table { count: table.count, ..Table::refused(vec![too_many_rows(line)]) },
        None => table,
    }
}

fn too_many_rows(line: u64) -> RowFault {
    let message = Text::of(
        format!("一个文件最多 {MAX_ROWS} 行数据，请拆分。"),
        format!("A file has at most {MAX_ROWS} rows: split it."),
    );
    RowFault::new(line, "", Rejection { code: "too_many_rows", message })
}

impl<T> Table<T> {
    /// A file of which no row is judged.
    fn refused(faults: Vec<RowFault>) -> Self {
        Self { rows: Vec::new(), faults, count: 0, header: Header::default() }
    }

    fn read_row(
        &mut self,
        (line, record): (u64, &StringRecord),
        seen: &mut HashMap<String, u64>,
        build: &mut impl FnMut(&mut Row<'_>) -> Option<T>,
    ) {
        let Self { rows, faults, header, .. } = self;
        let before = faults.len();
        let mut row = Row::new(line, record, header, faults, seen);
        let built = if row.has_all_fields() { build(&mut row) } else { None };
        match built {
            Some(value) if faults.len() == before => rows.push((line, value)),
            _ if before >= MANY_FAULTS => faults.truncate(before + 1),
            _ => {}
        }
    }

    /// Judges the rows that are good so far by a rule that needs more than their cells, such as whose area they are
    /// in. The rule gives each fault with the API name of its column; a row that has one is good no longer.
    pub fn judge<F: IntoIterator<Item = (&'static str, Rejection)>>(&mut self, rule: impl Fn(&T) -> F) {
        let Self { rows, faults, header, .. } = self;
        rows.retain(|(line, row)| {
            let before = faults.len();
            let found = rule(row).into_iter();
            faults.extend(
                found.map(|(column, rejection)| RowFault::new(*line, header.name(column), rejection)),
            );
            faults.len() == before
        });
        faults.sort_by_key(|fault| fault.line);
    }
}
