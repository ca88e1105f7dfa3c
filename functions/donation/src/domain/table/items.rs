//! The cell that says what a point takes: `图书、食品=急需、衣物=已满@2026-12-31`.
//!
//! Entries stand between `;`, `、`, `|` or `,`; each is an item, or `item=state`, or `item=state@day` with the last
//! day on which the state holds. `无` (or `none`) says that nothing is taken. Punctuation may be full-width, and `:`
//! stand for `=`.

use chrono::{DateTime, NaiveTime};
use serde_json::Value;
use shared::{calendar, i18n::Text, input, input::Rejection};

use super::{
    super::{Item, ItemState, ItemStatus},
    columns::{narrow, word},
};

const NOTHING: &str = "无";

/// How much of a cell a message repeats.
const QUOTED_LENGTH: usize = 20;

/// What was read of a cell: its items, which count only where there is no fault.
#[derive(Default)]
pub(super) struct ItemsCell {
    pub(super) items: Vec<ItemStatus>,
    pub(super) faults: Vec<Rejection>,
}

pub(super) fn read(cell: &str, now: i64) -> ItemsCell {
    let cell = narrow(cell);
    let mut read = ItemsCell::default();
    if matches!(cell.trim(), NOTHING | "none") {
        return read;
    }
    // A comma or the like after the last entry is a slip that loses nothing.
    let entries = cell.split([';', '、', '|', ',']).map(str::trim).filter(|entry| !entry.is_empty());
    let count = entries.clone().count();
    let most = Item::WORDS.len();
    // A cell of megabytes gives one fault, not one for each entry.
    if !(1..=most).contains(&count) {
        let message =
            Text::of(format!("应有 1 至 {most} 项。"), format!("There have to be 1 to {most} items."));
        read.faults.push(Rejection { code: "count", message });
        return read;
    }
    for entry in entries {
        match status(entry, now) {
            Ok(status) if read.items.iter().any(|other| other.item == status.item) => {
                read.faults.push(repeated(status.item));
            }
            Ok(status) => read.items.push(status),
            Err(fault) => read.faults.push(fault),
        }
    }
    read
}

/// The cell for [`read`]; a state that doesn't end at midnight is said to hold to the end of that day.
pub(super) fn written(items: &[ItemStatus]) -> String {
    if items.is_empty() {
        return NOTHING.to_owned();
    }
    let mut cell = String::new();
    for ItemStatus { item, state, until } in items {
        if !cell.is_empty() {
            cell.push('、');
        }
        cell.push_str(item.name_zh());
        if *state == ItemState::Accepting {
            continue;
        }
        cell.push('=');
        cell.push_str(state.name_zh());
        let last = until.and_then(|until| DateTime::from_timestamp(until.saturating_sub(1), 0));
        if let Some(last) = last {
            cell.push('@');
            cell.push_str(&calendar::day_of(last).to_string());
        }
    }
    cell
}

fn status(entry: &str, now: i64) -> Result<ItemStatus, Rejection> {
    let (rest, day) = match entry.split_once('@') {
        Some((rest, day)) => (rest, Some(day.trim())),
        None => (entry, None),
    };
    let (item, state) = match rest.split_once(['=', ':']) {
        Some((item, state)) => (item, Some(state)),
        None => (rest, None),
    };
    let item = choice(item, Item::WORDS, Item::name_zh)?;
    let state = state.map(|state| choice(state, ItemState::WORDS, ItemState::name_zh)).transpose()?;
    let state = state.unwrap_or(ItemState::Accepting);
    let until = day.map(|day| until(entry, day, now)).transpose()?;
    if state == ItemState::Accepting && until.is_some() {
        return Err(of_entry("until", entry, "“接收”没有截止日期。", "“accepting” has no last day."));
    }
    Ok(ItemStatus { item, state, until })
}

/// The midnight that ends the last day.
fn until(entry: &str, day: &str, now: i64) -> Result<i64, Rejection> {
    let until = input::day(&Value::String(day.to_owned()))
        .ok()
        .and_then(|day| day.succ_opt())
        .map(|next| calendar::at(next, NaiveTime::MIN).timestamp());
    match until {
        None => {
            Err(of_entry("date", entry, "日期应如 2026-12-31。", "The day has to be one such as 2026-12-31."))
        }
        Some(until) if until <= now => Err(of_entry("past", entry, "日期已过。", "The day is past.")),
        Some(until) => Ok(until),
    }
}

/// One of `words`, or of their Chinese names.
fn choice<T: Copy>(
    text: &str,
    words: &[(&str, T)],
    name_zh: impl Fn(T) -> &'static str,
) -> Result<T, Rejection> {
    let name = word(text);
    let found = words.iter().find(|(word, choice)| name == *word || name == name_zh(*choice));
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let en = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let zh = words.iter().map(|(_, choice)| name_zh(*choice)).collect::<Vec<_>>().join("、");
        of_entry("unknown_value", text.trim(), &format!("应为以下之一:{zh}。"), &format!("One of: {en}."))
    })
}

fn repeated(item: Item) -> Rejection {
    of_entry("repeated", item.name_zh(), "重复。", "This item stands twice.")
}

/// A fault that names the entry, because a cell has several.
fn of_entry(code: &'static str, entry: &str, zh: &str, en: &str) -> Rejection {
    let entry: String = entry.chars().take(QUOTED_LENGTH).collect();
    Rejection { code, message: Text::of(format!("“{entry}”:{zh}"), format!("“{entry}”: {en}")) }
}
