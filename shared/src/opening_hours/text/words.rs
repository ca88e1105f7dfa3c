//! The words that opening hours are written with.

use chrono::{Datelike as _, NaiveDate};

use crate::{
    opening_hours::{ClockTime, Weekday},
    width::half_width,
};

/// One word of either language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Day(Weekday),
    EveryDay,
    WorkingDays,
    Weekend,
    Holidays,
    MakeUpDays,
    Date(NaiveDate),
    Time(ClockTime),
    AllDay,
    Always,
    Off,
    As,
    Dash,
    Comma,
    Colon,
    Semicolon,
}

/// A word and the place of its first character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) word: Word,
    pub(super) at: usize,
}

/// After folding; what begins another phrase comes after it.
const PHRASES: &[(&str, Word)] = &[
    (";", Word::Semicolon),
    (",", Word::Comma),
    (":", Word::Colon),
    ("-", Word::Dash),
    ("mo", Word::Day(Weekday::Monday)),
    ("tu", Word::Day(Weekday::Tuesday)),
    ("we", Word::Day(Weekday::Wednesday)),
    ("th", Word::Day(Weekday::Thursday)),
    ("fr", Word::Day(Weekday::Friday)),
    ("sa", Word::Day(Weekday::Saturday)),
    ("su", Word::Day(Weekday::Sunday)),
    ("ph", Word::Holidays),
    ("mw", Word::MakeUpDays),
    ("as", Word::As),
    ("off", Word::Off),
    ("closed", Word::Off),
    ("24/7", Word::Always),
    ("24小时", Word::Always),
    ("24 小时", Word::Always),
    ("全年无休", Word::Always),
    ("全天候", Word::Always),
    ("全天", Word::AllDay),
    ("每天", Word::EveryDay),
    ("每日", Word::EveryDay),
    ("工作日", Word::WorkingDays),
    ("周末", Word::Weekend),
    ("法定节假日", Word::Holidays),
    ("节假日", Word::Holidays),
    ("调休上班日", Word::MakeUpDays),
    ("按", Word::As),
    ("休息", Word::Off),
    ("关闭", Word::Off),
];

/// The words of a text.
///
/// # Errors
/// The place of the first character that begins no word.
pub(super) fn words(text: &[char]) -> Result<Vec<Placed>, usize> {
    let folded: Vec<char> = text.iter().map(|c| fold(*c)).collect();
    let mut words = Vec::new();
    let mut rest = folded.as_slice();
    while let [first, after @ ..] = rest {
        if *first == ' ' {
            rest = after;
            continue;
        }
        let at = folded.len() - rest.len();
        let (word, length) = phrase(rest)
            .or_else(|| date(rest))
            .or_else(|| time(rest))
            .or_else(|| chinese_day(rest, &words))
            .ok_or(at)?;
        words.push(Placed { word, at });
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(words)
}

/// One spelling for characters that mean the same, each for one, so that places stay.
fn fold(c: char) -> char {
    match half_width(c).to_ascii_lowercase() {
        '至' | '到' | '~' | '〜' | '‐' | '‑' | '–' | '—' | '−' => '-',
        '、' => ',',
        '。' | '\n' | '\r' => ';',
        white if white.is_whitespace() => ' ',
        other => other,
    }
}

fn phrase(rest: &[char]) -> Option<(Word, usize)> {
    PHRASES.iter().find_map(|(phrase, word)| {
        let length = phrase.chars().count();
        let same = rest.len() >= length && phrase.chars().eq(rest.iter().take(length).copied());
        // `Monday` isn't `Mo` and something else.
        let goes_on = phrase.ends_with(|c: char| c.is_ascii_alphabetic())
            && rest.get(length).is_some_and(char::is_ascii_alphabetic);
        (same && !goes_on).then_some((*word, length))
    })
}

/// `YYYY-MM-DD` of the years that days in JSON have too.
fn date(rest: &[char]) -> Option<(Word, usize)> {
    const LENGTH: usize = 10;
    let text: String = rest.get(..LENGTH)?.iter().collect();
    let is_date =
        text.char_indices().all(|(at, c)| if at == 4 || at == 7 { c == '-' } else { c.is_ascii_digit() });
    let day: NaiveDate = Some(text).filter(|_| is_date)?.parse().ok()?;
    (1900..=2200).contains(&day.year()).then_some((Word::Date(day), LENGTH))
}

/// `HH:MM` or `H:MM`.
fn time(rest: &[char]) -> Option<(Word, usize)> {
    let length = rest.iter().take(6).take_while(|c| c.is_ascii_digit() || **c == ':').count();
    let text: String = rest.iter().take(length).collect();
    let padded = if length == 4 { format!("0{text}") } else { text };
    Some((Word::Time(ClockTime::parse(&padded).ok()?), length))
}

/// `周一` or `星期一`; a bare `一` after another day, as in `周一至五` and `周一、三`.
fn chinese_day(rest: &[char], before: &[Placed]) -> Option<(Word, usize)> {
    let (number, length) = match rest {
        ['周', number, ..] => (number, 2),
        ['星', '期', number, ..] => (number, 3),
        [number, ..] if goes_on_with_days(before) => (number, 1),
        _ => return None,
    };
    let day = match number {
        '一' => Weekday::Monday,
        '二' => Weekday::Tuesday,
        '三' => Weekday::Wednesday,
        '四' => Weekday::Thursday,
        '五' => Weekday::Friday,
        '六' => Weekday::Saturday,
        '日' | '天' => Weekday::Sunday,
        _ => return None,
    };
    Some((Word::Day(day), length))
}

fn goes_on_with_days(before: &[Placed]) -> bool {
    matches!(before, [.., Placed { word: Word::Day(_), .. }, Placed { word: Word::Dash | Word::Comma, .. }])
}
