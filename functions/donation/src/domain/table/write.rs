//! From rows to a file.

use csv::{Terminator, WriterBuilder};

use super::{Column, PointRow, formula::guarded, items};

/// Writes a file that spreadsheets open with the right characters and [`read_table`](super::read_table) reads: UTF-8
/// with byte order mark, CRLF, every column under its Chinese name.
///
/// Items come back as they were but for the time of day at which a state ends: the file has only the day. A state that
/// has run out is refused on reading, so rows hold what [`ItemStatus::at`](super::ItemStatus::at) gives now.
///
/// # Errors
/// What `csv` reports; writing to memory, it has no cause to.
pub fn write_table<'a>(rows: impl IntoIterator<Item = &'a PointRow>) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut csv = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(&mut bytes);
    csv.write_record(Column::NAMES.iter().map(|(_, _, zh, _)| zh))?;
    for row in rows {
        for (column, ..) in Column::NAMES {
            csv.write_field(guarded(&cell(row, *column)).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    drop(csv);
    Ok(bytes)
}

/// A number that begins with a zero, with a hyphen behind its area code: a spreadsheet takes it for a number otherwise, and
/// drops the zero. Reading drops the hyphen.
fn spreadsheet_phone(phone: &str) -> String {
    // Area codes of China: 010 and 02x have three digits, the others four.
    let code = if phone.starts_with("01") || phone.starts_with("02") { 3 } else { 4 };
    match phone.split_at_checked(code).filter(|_| phone.starts_with('0')) {
        Some((code, number)) => format!("{code}-{number}"),
        None => phone.to_owned(),
    }
}

fn cell(row: &PointRow, column: Column) -> String {
    match column {
        Column::Id => row.id.clone(),
        Column::Name => row.name.clone(),
        Column::Operator => row.operator.clone(),
        Column::DivisionCode => row.division_code.to_string(),
        Column::Address => row.address.clone(),
        Column::Lat => row.location.lat.to_string(),
        Column::Lon => row.location.lon.to_string(),
        Column::Phone => spreadsheet_phone(&row.phone),
        Column::Hours => row.hours.to_text(),
        Column::Items => row.items.as_deref().map(items::written).unwrap_or_default(),
        Column::Sample => (if row.sample { "是" } else { "否" }).to_owned(),
    }
}
