//! The entries of the cell that says what a point takes: `图书、食品=急需、衣物=已满@2026-12-31`.
//!
//! Each is an item, or `item=state`, or `item=state@day` with the last day on which the state holds; `:` may stand for
//! `=`.

use chrono::{DateTime, NaiveTime};
use serde_json::Value;
use shared::{
    calendar,
    input::{self, Rejection},
    table::{choice, of_entry},
};

use crate::domain::{Item, ItemState, ItemStatus, check_length};

/// How long a day is; no clock has been changed in Shanghai since 1991.
const DAY_S: i64 = 86_400;

/// An entry as it is written; a state that doesn't end at midnight is said to hold to the end of that day.
pub(super) fn written(ItemStatus { item, state, until }: ItemStatus) -> String {
    let mut entry = item.name_zh().to_owned();
    if state == ItemState::Accepting {
        return entry;
    }
    entry.push('=');
    entry.push_str(state.name_zh());
    let last = until.and_then(|until| DateTime::from_timestamp(until.saturating_sub(1), 0));
    if let Some(last) = last {
        entry.push('@');
        entry.push_str(&calendar::day_of(last).to_string());
    }
    entry
}

/// Reads an entry.
pub(super) fn status(entry: &str, now: i64) -> Result<ItemStatus, Rejection> {
    let (rest, day) = match entry.split_once('@') {
        Some((rest, day)) => (rest, Some(day.trim())),
        None => (entry, None),
    };
    let (item, state) = match rest.split_once(['=', ':']) {
        Some((item, state)) => (item, Some(state)),
        None => (rest, None),
    };
    let item = choice(Item::WORDS, Item::name_zh)(item)?;
    let state = state.map(choice(ItemState::WORDS, ItemState::name_zh)).transpose()?;
    let state = state.unwrap_or(ItemState::Accepting);
    let until = day.map(|day| until(day, now)).transpose().map_err(|fault| of_entry(entry, fault))?;
    if state == ItemState::Accepting && until.is_some() {
        let fault = Rejection::new("until", "“接收”没有截止日期。", "“accepting” has no last day.");
        return Err(of_entry(entry, fault));
    }
    Ok(ItemStatus { item, state, until })
}

/// The midnight that ends the last day.
fn until(day: &str, now: i64) -> Result<i64, Rejection> {
    let until = input::day(&Value::String(day.to_owned()))
        .ok()
        .and_then(|day| day.succ_opt())
        .map(|next| calendar::at(next, NaiveTime::MIN).timestamp())
        .ok_or(Rejection::new(
            "date",
            "日期应如 2026-12-31。",
            "The day has to be one such as 2026-12-31.",
        ))?;
    if until <= now {
        return Err(Rejection::new("past", "日期已过。", "The day is past."));
    }
    // The last day may begin within the limit and end beyond it: an export writes only the day of a state that was set
    // for as long as can be, and has to be read again.
    check_length(until - DAY_S, now)?;
    Ok(until)
}
