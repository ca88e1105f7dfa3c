//! From rows to a file.

use csv::{Terminator, WriterBuilder};

use super::{Column, formula::guarded};

/// A file being written, as spreadsheets open it with the right characters and [`read`](super::read) reads it: UTF-8 with
/// byte order mark, CRLF, every column under its Chinese name.
pub struct Writer<const N: usize>(csv::Writer<Vec<u8>>);

impl<const N: usize> Writer<N> {
    /// A file with its header.
    ///
    /// # Errors
    /// What `csv` reports; writing to memory, it has no cause to.
    pub fn new(columns: &[Column; N]) -> Result<Self, csv::Error> {
        let bytes = "\u{feff}".as_bytes().to_vec();
        let mut writer = Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(bytes));
        writer.push(&columns.each_ref().map(|column| column.zh))?;
        Ok(writer)
    }

    /// Writes one row, its cells in the order of the columns. No cell is a formula then.
    ///
    /// # Errors
    /// As of [`Self::new`].
    pub fn push(&mut self, cells: &[impl AsRef<str>; N]) -> Result<(), csv::Error> {
        for cell in cells {
            self.0.write_field(guarded(cell.as_ref()).as_bytes())?;
        }
        self.0.write_record(None::<&[u8]>)
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// As of [`Self::new`].
    pub fn finish(self) -> Result<Vec<u8>, csv::Error> {
        self.0.into_inner().map_err(|error| error.into_error().into())
    }
}

/// A number that begins with a zero, with a hyphen behind its area code: a spreadsheet takes it for a number otherwise, and
/// drops the zero. Reading drops the hyphen.
#[must_use]
pub fn spreadsheet_phone(phone: &str) -> String {
    // Area codes of China: 010 and 02x have three digits, the others four.
    let code = if phone.starts_with("01") || phone.starts_with("02") { 3 } else { 4 };
    match phone.split_at_checked(code).filter(|_| phone.starts_with('0')) {
        Some((code, number)) => format!("{code}-{number}"),
        None => phone.to_owned(),
    }
}
