//! The columns and the header that names them.

use csv::StringRecord;

use super::RowFault;
use crate::{i18n::Text, input::Rejection, width::narrow};

/// How many columns that don't exist are listed, and how much of their names.
const UNKNOWN_LISTED: usize = 32;
const NAME_LENGTH: usize = 64;

/// A column, with what a header may call it. Letter case, full-width forms of ASCII, and a space or hyphen for `_` don't
/// matter in a header.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the API, and what [`Row`](super::Row) calls it.
    pub name: &'static str,
    /// Its Chinese name, under which it is written.
    pub zh: &'static str,
    /// What else a header may call it.
    pub aliases: &'static [&'static str],
    /// Whether every file has to have it.
    pub is_required: bool,
}

impl Column {
    /// A column that every file has to have.
    #[must_use]
    pub const fn required(name: &'static str, zh: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, zh, aliases, is_required: true }
    }

    /// A column that a file may lack.
    #[must_use]
    pub const fn optional(name: &'static str, zh: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, zh, aliases, is_required: false }
    }

    fn is_called(&self, header: &str) -> bool {
        let is = |name: &str| word(name) == header;
        is(self.name) || is(self.zh) || self.aliases.iter().any(|alias| is(alias))
    }
}

/// Where a file has each column.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// API name, index in a record, name in the file.
    places: Vec<(&'static str, usize, String)>,
    /// How many fields a row has.
    pub(super) width: usize,
}

impl Header {
    /// Reads the header that stands on `line`.
    pub(super) fn read(
        columns: &'static [Column],
        line: u64,
        header: &StringRecord,
    ) -> Result<Self, Vec<RowFault>> {
        let mut read = Self { places: Vec::new(), width: header.len() };
        let mut faults = Vec::new();
        for (index, cell) in header.iter().enumerate() {
            let called = word(cell);
            let name: String = cell.trim().chars().take(NAME_LENGTH).collect();
            let rejection = match columns.iter().find(|column| column.is_called(&called)) {
                Some(column) if read.place(column.name).is_none() => {
                    read.places.push((column.name, index, name));
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
        let missing = columns
            .iter()
            .filter(|column| column.is_required && read.place(column.name).is_none())
            .map(|column| RowFault::new(line, column.name, missing(column)));
        faults.extend(missing);
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// Where the column of this API name stands in a record; `None` where the file lacks it.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.named(column).map(|(_, index, _)| *index)
    }

    /// What the file calls the column of this API name; this itself where the file lacks it.
    pub(super) fn name<'a>(&'a self, column: &'a str) -> &'a str {
        self.named(column).map_or(column, |(_, _, name)| name)
    }

    fn named(&self, column: &str) -> Option<&(&'static str, usize, String)> {
        self.places.iter().find(|(name, ..)| *name == column)
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

fn missing(Column { name, zh, .. }: &Column) -> Rejection {
    let message = Text::of(format!("缺少“{zh}”列。"), format!("The column “{name}” is missing."));
    Rejection { code: "missing_column", message }
}

/// A name as the API spells it: `Medical Supplies` is `medical_supplies`.
pub(super) fn word(name: &str) -> String {
    narrow(name).trim().replace([' ', '-'], "_")
}
