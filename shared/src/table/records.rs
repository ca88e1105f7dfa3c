//! From text to records with their lines.

use std::{
    iter::{Copied, Enumerate, Peekable},
    slice,
};

use csv::{ReaderBuilder, StringRecord};

/// The records of a text.
///
/// The line numbers of `csv` aren't used: they are those of the line break before a record, so that empty lines and
/// CRLF make them wrong.
pub(super) struct Records<'t> {
    csv: csv::Reader<&'t [u8]>,
    unread: Peekable<Enumerate<Copied<slice::Iter<'t, u8>>>>,
    line: u64,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let bytes = text.trim_start_matches('\u{feff}').as_bytes();
        let csv = ReaderBuilder::new()
            .delimiter(separator(text))
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        Self { csv, unread: bytes.iter().copied().enumerate().peekable(), line: 1 }
    }

    /// Reads the next record that has any content, and returns the line on which it begins.
    pub(super) fn read(&mut self, record: &mut StringRecord) -> Option<u64> {
        // Text in memory, with records of any length, gives `csv` no cause for an error.
        while self.csv.read_record(record).is_ok_and(|more| more) {
            let from = record.position().map_or(0, csv::Position::byte);
            let line = self.line_of(from);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(line);
            }
        }
        None
    }

    /// The line of the first byte from `from` on that isn't part of a line break; each byte is passed once.
    fn line_of(&mut self, from: u64) -> u64 {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        while let Some((_, byte)) =
            self.unread.next_if(|(at, byte)| *at < from || matches!(byte, b'\r' | b'\n'))
        {
            let ends_line = match byte {
                b'\n' => true,
                b'\r' => self.unread.peek().is_none_or(|(_, next)| *next != b'\n'),
                _ => false,
            };
            self.line += u64::from(ends_line);
        }
        self.line
    }
}

/// What separates the cells, judged by the first line with any letter.
fn separator(text: &str) -> u8 {
    let header =
        text.split(['\r', '\n']).find(|line| line.contains(char::is_alphanumeric)).unwrap_or_default();
    if header.contains(',') {
        return b',';
    }
    match (header.matches(';').count(), header.matches('\t').count()) {
        (0, 0) => b',',
        (semicolons, tabs) if semicolons >= tabs => b';',
        _ => b'\t',
    }
}
