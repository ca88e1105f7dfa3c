//! Cells that hold several entries.

use super::columns::word;
use crate::{i18n::Text, input::Rejection, width::narrow};

/// What says that there is no entry, other than an empty cell, which says nothing.
const NOTHING: &str = "无";

/// How much of a cell a message repeats.
const QUOTED_LENGTH: usize = 20;

/// The entries, or every fault of them: see [`Row::list`](super::Row::list).
pub(super) fn read<T>(
    cell: &str,
    most: usize,
    mut parse: impl FnMut(&str) -> Result<T, Rejection>,
    name: impl Fn(&T) -> &'static str,
) -> Result<Vec<T>, Vec<Rejection>> {
    let cell = narrow(cell);
    if matches!(cell.trim(), NOTHING | "none") {
        return Ok(Vec::new());
    }
    // A comma or the like after the last entry is a slip that loses nothing.
    let entries = cell.split([';', '、', '|', ',']).map(str::trim).filter(|entry| !entry.is_empty());
    let count = entries.clone().count();
    // A cell of megabytes gives one fault, not one for each entry.
    if !(1..=most).contains(&count) {
        let message =
            Text::of(format!("应有 1 至 {most} 项。"), format!("There have to be 1 to {most} items."));
        return Err(vec![Rejection { code: "count", message }]);
    }
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    for entry in entries {
        match parse(entry) {
            Ok(value) if read.iter().any(|other| name(other) == name(&value)) => {
                let message = Text::new("重复。", "This stands twice.");
                faults.push(of_entry(name(&value), Rejection { code: "repeated", message }));
            }
            Ok(value) => read.push(value),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

/// The cell for [`Row::list`](super::Row::list).
#[must_use]
pub fn joined(entries: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut cell = String::new();
    for entry in entries {
        if !cell.is_empty() {
            cell.push('、');
        }
        cell.push_str(entry.as_ref());
    }
    if cell.is_empty() { NOTHING.to_owned() } else { cell }
}

/// One of `words`, in the API's spelling or by its Chinese name; `unknown_value` is the code of anything else.
pub fn choice<T: Copy>(
    words: &'static [(&'static str, T)],
    name_zh: impl Fn(T) -> &'static str,
) -> impl Fn(&str) -> Result<T, Rejection> {
    move |text| {
        let name = word(text);
        let found = words.iter().find(|(word, choice)| name == *word || name == name_zh(*choice));
        // Chinese names with full-width punctuation or capitals are rare: only what wasn't found yet pays for them.
        let found = found.or_else(|| words.iter().find(|(_, choice)| name == word(name_zh(*choice))));
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let en = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            let zh = words.iter().map(|(_, choice)| name_zh(*choice)).collect::<Vec<_>>().join("、");
            let message = Text::of(format!("应为以下之一:{zh}。"), format!("One of: {en}."));
            of_entry(text.trim(), Rejection { code: "unknown_value", message })
        })
    }
}

/// A fault that names the entry, because a cell has several.
#[must_use]
pub fn of_entry(entry: &str, Rejection { code, message }: Rejection) -> Rejection {
    let entry: String = entry.chars().take(QUOTED_LENGTH).collect();
    let message = Text::of(format!("“{entry}”:{}", message.zh), format!("“{entry}”: {}", message.en));
    Rejection { code, message }
}
