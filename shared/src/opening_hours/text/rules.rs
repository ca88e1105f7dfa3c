//! What the words of one rule say.

use chrono::NaiveDate;

use super::{
    Reason,
    words::{Placed, Word},
};
use crate::opening_hours::{Hours, MOST_EXCEPTIONS, MOST_STRETCHES, OpeningHours, Weekday};

/// A part of a rule that can't be used.
pub(super) struct Flaw {
    /// The place of its first character.
    pub(super) at: usize,
    pub(super) reason: Reason,
}

/// Days that a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Selected {
    Weekday(Weekday),
    Holidays,
    MakeUpDays,
    Date(NaiveDate),
}

/// Lets a rule override what the hours say about its days.
pub(super) fn apply(hours: &mut OpeningHours, rule: &[Placed]) -> Result<(), Flaw> {
    let words: Vec<Word> = rule.iter().map(|placed| placed.word).collect();
    // Where a rule ends too early, all of it is quoted.
    let place = |left: usize| rule.get(rule.len() - left).or(rule.first()).map_or(0, |placed| placed.at);
    read(hours, &words).map_err(|(left, reason)| Flaw { at: place(left), reason })
}

/// A fault is the number of words that are left where it begins, and its reason.
type Read<T> = Result<T, (usize, Reason)>;

fn read(hours: &mut OpeningHours, words: &[Word]) -> Read<()> {
    if let [] | [Word::Always] = words {
        if !words.is_empty() {
            always(hours);
        }
        return Ok(());
    }
    let (selected, value) = selector(words)?;
    let refuse = |reason| Err((value.len(), reason));
    match value {
        [Word::Off] => set(hours, &selected, &[]).or_else(refuse),
        [Word::As, Word::Day(weekday)] if selected.iter().all(|days| *days == Selected::MakeUpDays) => {
            hours.make_up_days_as = Some(*weekday);
            Ok(())
        }
        _ => set(hours, &selected, &stretches(value)?).or_else(refuse),
    }
}

fn always(hours: &mut OpeningHours) {
    hours.weekly = Weekday::ALL.into_iter().map(|weekday| (weekday, vec![Hours::ALL_DAY])).collect();
    hours.on_holidays = vec![Hours::ALL_DAY];
    hours.make_up_days_as = Some(Weekday::Monday);
    hours.exceptions.clear();
}

/// The days that a rule names, and the rest of its words. Hours without days are those of every day.
fn selector(words: &[Word]) -> Read<(Vec<Selected>, &[Word])> {
    if let [Word::Time(_) | Word::AllDay | Word::Off, ..] = words {
        return Ok((weekdays(Weekday::Monday, Weekday::Sunday), words));
    }
    let mut selected = Vec::new();
    let mut left = words;
    loop {
        let (days, rest) = item(left)?;
        selected.extend(days);
        match rest {
            [Word::Comma, more @ ..] => left = more,
            [Word::Colon, value @ ..] | value => return Ok((selected, value)),
        }
    }
}

/// One entry of a list of days, and the words after it.
fn item(words: &[Word]) -> Read<(Vec<Selected>, &[Word])> {
    Ok(match words {
        [Word::Day(first), Word::Dash, Word::Day(last), rest @ ..] => (weekdays(*first, *last), rest),
        [Word::Day(day), rest @ ..] => (weekdays(*day, *day), rest),
        [Word::EveryDay, rest @ ..] => (weekdays(Weekday::Monday, Weekday::Sunday), rest),
        [Word::WorkingDays, rest @ ..] => (weekdays(Weekday::Monday, Weekday::Friday), rest),
        [Word::Weekend, rest @ ..] => (weekdays(Weekday::Saturday, Weekday::Sunday), rest),
        [Word::Holidays, rest @ ..] => (vec![Selected::Holidays], rest),
        [Word::MakeUpDays, rest @ ..] => (vec![Selected::MakeUpDays], rest),
        [Word::Date(first), Word::Dash, Word::Date(last), rest @ ..] => {
            (dates(*first, *last).map_err(|reason| (words.len(), reason))?, rest)
        }
        [Word::Date(date), rest @ ..] => (vec![Selected::Date(*date)], rest),
        _ => return Err((words.len(), Reason::NotUnderstood)),
    })
}

fn weekdays(first: Weekday, last: Weekday) -> Vec<Selected> {
    first.through(last).map(Selected::Weekday).collect()
}

fn dates(first: NaiveDate, last: NaiveDate) -> Result<Vec<Selected>, Reason> {
    match usize::try_from((last - first).num_days()) {
        Err(_) => Err(Reason::EndsBeforeItBegins),
        Ok(days) if days >= MOST_EXCEPTIONS => Err(Reason::TooManyDates),
        Ok(days) => Ok(first.iter_days().take(days + 1).map(Selected::Date).collect()),
    }
}

/// A list of hours that fills the rest of a rule.
fn stretches(words: &[Word]) -> Read<Vec<Hours>> {
    let mut hours = Vec::new();
    let mut left = words;
    loop {
        let (stretch, rest) = match left {
            [Word::Time(opens), Word::Dash, Word::Time(closes), rest @ ..] => {
                let stretch = Hours::new(*opens, *closes);
                (stretch.map_err(|_| (left.len(), Reason::EndsBeforeItBegins))?, rest)
            }
            [Word::AllDay | Word::Always, rest @ ..] => (Hours::ALL_DAY, rest),
            _ => return Err((left.len(), Reason::NotUnderstood)),
        };
        hours.push(stretch);
        match rest {
            [] => break,
            [Word::Comma, more @ ..] => left = more,
            _ => return Err((rest.len(), Reason::NotUnderstood)),
        }
    }
    if hours.len() > MOST_STRETCHES {
        return Err((words.len(), Reason::TooManyStretches));
    }
    Hours::in_order(hours).map_err(|_| (words.len(), Reason::Overlap))
}

fn set(hours: &mut OpeningHours, selected: &[Selected], stretches: &[Hours]) -> Result<(), Reason> {
    for days in selected {
        match days {
            Selected::Weekday(weekday) if stretches.is_empty() => {
                hours.weekly.remove(weekday);
            }
            Selected::Weekday(weekday) => {
                hours.weekly.insert(*weekday, stretches.to_vec());
            }
            Selected::Holidays => hours.on_holidays = stretches.to_vec(),
            Selected::MakeUpDays if stretches.is_empty() => hours.make_up_days_as = None,
            Selected::MakeUpDays => return Err(Reason::MakeUpDaysHaveNoHours),
            Selected::Date(date) => {
                hours.exceptions.insert(*date, stretches.to_vec());
            }
        }
    }
    if hours.exceptions.len() > MOST_EXCEPTIONS { Err(Reason::TooManyDates) } else { Ok(()) }
}
