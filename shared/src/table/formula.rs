//! Cells that a spreadsheet would run: see [the module above](super).

use std::borrow::Cow;

/// Writes a cell so that no spreadsheet takes it for a formula.
pub(super) fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell.trim_start_matches('\'')) { format!("'{cell}").into() } else { cell.into() }
}

/// Takes off the apostrophe that [`guarded`] put before a cell.
pub(super) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest.trim_start_matches('\''))).unwrap_or(cell)
}

/// The second line is the first in full-width forms, which spreadsheets in Chinese and Japanese take for operators too.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
        || cell.starts_with(['\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}
