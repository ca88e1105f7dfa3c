//! Parsers of single values, for [`Object`](super::Object)'s accessors.

use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde_json::Value;

use super::{REPEATED, Rejection};
use crate::{
    divisions::{self, DivisionCode},
    geo::Position,
    i18n::Text,
    resident_id::ResidentId,
};

pub(super) fn wrong_type(zh: &str, en: &str) -> Rejection {
    Rejection { code: "type", message: Text::of(format!("应为{zh}。"), format!("This has to be {en}.")) }
}

fn string(value: &Value) -> Result<&str, Rejection> {
    value.as_str().ok_or_else(|| wrong_type("字符串", "a string"))
}

fn out_of_range(least: impl std::fmt::Display, most: impl std::fmt::Display) -> Rejection {
    Rejection {
        code: "out_of_range",
        message: Text::of(
            format!("应在 {least} 与 {most} 之间。"),
            format!("This has to be {least} to {most}."),
        ),
    }
}

/// A string of so many characters, without control characters; outer white space is dropped.
pub fn text(length: RangeInclusive<usize>) -> impl Fn(&Value) -> Result<String, Rejection> {
    move |value| bounded(string(value)?, &length, char::is_control)
}

/// The same with line breaks, `\n`, whichever way they were sent: what somebody writes in their own words.
pub fn lines(length: RangeInclusive<usize>) -> impl Fn(&Value) -> Result<String, Rejection> {
    move |value| {
        let text = string(value)?.replace("\r\n", "\n").replace('\r', "\n");
        bounded(&text, &length, |character| character.is_control() && character != '\n')
    }
}

fn bounded(
    text: &str,
    length: &RangeInclusive<usize>,
    is_wrong: impl Fn(char) -> bool,
) -> Result<String, Rejection> {
    let text = text.trim();
    let count = text.chars().take(length.end().saturating_add(1)).count();
    if !length.contains(&count) {
        let (least, most) = (length.start(), length.end());
        return Err(Rejection {
            code: "length",
            message: Text::of(
                format!("长度应为 {least} 至 {most} 个字符。"),
                format!("The length has to be {least} to {most} characters."),
            ),
        });
    }
    if text.chars().any(is_wrong) {
        return Err(Rejection::new(
            "characters",
            "含有不允许的字符。",
            "It holds characters that are not allowed.",
        ));
    }
    Ok(text.to_owned())
}

/// A string that `parse` understands.
pub fn parsed<T>(parse: impl Fn(&str) -> Result<T, Rejection>) -> impl Fn(&Value) -> Result<T, Rejection> {
    move |value| parse(string(value)?)
}

/// An integer within a range, as a JSON number or, in a query, as its digits.
pub fn integer(range: RangeInclusive<i64>) -> impl Fn(&Value) -> Result<i64, Rejection> {
    move |value| {
        let number = match value {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_i64(),
        };
        let number = number.ok_or_else(|| wrong_type("整数", "an integer"))?;
        if range.contains(&number) { Ok(number) } else { Err(out_of_range(range.start(), range.end())) }
    }
}

/// `true` or `false`, as JSON or, in a query, as the word.
///
/// # Errors
/// `type` for anything else.
pub fn boolean(value: &Value) -> Result<bool, Rejection> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::String(word) if word == "true" => Ok(true),
        Value::String(word) if word == "false" => Ok(false),
        _ => Err(wrong_type("true 或 false", "true or false")),
    }
}

/// The word that a list of them has for a value; empty where it has none.
pub fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}

/// One word of a list.
pub fn choice<T: Copy>(words: &'static [(&'static str, T)]) -> impl Fn(&Value) -> Result<T, Rejection> {
    move |value| {
        let word = string(value)?;
        words.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice).ok_or_else(|| {
            let names = words.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            Rejection {
                code: "unknown_value",
                message: Text::of(
                    format!("应为以下之一:{names}。"),
                    format!("This has to be one of: {names}."),
                ),
            }
        })
    }
}

/// A day, `YYYY-MM-DD`, of the years 1900 to 2200.
///
/// # Errors
/// `date` for anything else.
pub fn day(value: &Value) -> Result<NaiveDate, Rejection> {
    let text = string(value)?;
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| text.len() == 10 && (1900..=2200).contains(&chrono::Datelike::year(day)))
        .ok_or(Rejection::new(
            "date",
            "应为有效日期，如 2026-12-01。",
            "This has to be a real day such as 2026-12-01.",
        ))
}

/// An instant, RFC 3339 with an offset, of the years 1900 to 2200.
///
/// # Errors
/// `instant` for anything else.
pub fn instant(value: &Value) -> Result<DateTime<FixedOffset>, Rejection> {
    DateTime::parse_from_rfc3339(string(value)?)
        .ok()
        .filter(|instant| (1900..=2200).contains(&chrono::Datelike::year(instant)))
        .ok_or(Rejection::new(
            "instant",
            "应为带时区的时刻，如 2026-12-01T09:00:00+08:00。",
            "This has to be an instant with offset such as 2026-12-01T09:00:00+08:00.",
        ))
}

/// An id as staff choose it: 1 to 40 lower-case letters, digits and hyphens.
///
/// # Errors
/// `id` for anything else.
pub fn slug(value: &Value) -> Result<String, Rejection> {
    let id = string(value)?;
    let fits = (1..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    fits.then(|| id.to_owned()).ok_or(Rejection::new(
        "id",
        "应为 1 至 40 个小写字母、数字或连字符。",
        "This has to be 1 to 40 lower-case letters, digits or hyphens.",
    ))
}

/// A division code of 6, 9 or 12 digits that exists in Shanghai.
///
/// # Errors
/// `division_code` for anything else.
pub fn division_code(value: &Value) -> Result<DivisionCode, Rejection> {
    DivisionCode::parse(string(value)?).ok().filter(divisions::exists).ok_or(Rejection::new(
        "division_code",
        "没有这个行政区划代码。",
        "There is no division with this code.",
    ))
}

/// A position `{"lat": …, "lon": …}` or, in a query, `lat,lon`; WGS 84.
///
/// # Errors
/// `position` for anything else.
pub fn position(value: &Value) -> Result<Position, Rejection> {
    let position = match value {
        Value::String(pair) => Position::parse(pair).ok(),
        other => other
            .as_object()
            .filter(|fields| fields.len() == 2)
            .and_then(|fields| Some((fields.get("lat")?.as_f64()?, fields.get("lon")?.as_f64()?)))
            .and_then(|(lat, lon)| Position::new(lat, lon).ok()),
    };
    position.ok_or(Rejection::new(
        "position",
        "应为 WGS 84 坐标(纬度、经度)。",
        "This has to be a WGS 84 position (latitude, longitude).",
    ))
}

/// A telephone number: digits with an optional leading `+`, spaces and hyphens dropped.
///
/// # Errors
/// `phone` for anything else.
pub fn phone(value: &Value) -> Result<String, Rejection> {
    let compact: String = string(value)?.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = compact.strip_prefix('+').unwrap_or(&compact);
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(compact)
    } else {
        Err(Rejection::new("phone", "电话号码无效。", "This is no valid telephone number."))
    }
}

/// A resident identity number (GB 11643) of a person born by `today`.
///
/// # Errors
/// `id_number_invalid`; the number is never repeated.
pub fn resident_id(today: NaiveDate) -> impl Fn(&Value) -> Result<ResidentId, Rejection> {
    move |value| ResidentId::read(string(value)?.trim(), today)
}

/// A list of so many different values.
pub fn list<T: PartialEq>(
    count: RangeInclusive<usize>,
    item: impl Fn(&Value) -> Result<T, Rejection>,
) -> impl Fn(&Value) -> Result<Vec<T>, Rejection> {
    move |value| {
        let items = value.as_array().ok_or_else(|| wrong_type("数组", "an array"))?;
        if !count.contains(&items.len()) {
            return Err(out_of_range(count.start(), count.end()));
        }
        let mut parsed = Vec::with_capacity(items.len());
        for value in items {
            let value = item(value)?;
            if parsed.contains(&value) {
                return Err(REPEATED);
            }
            parsed.push(value);
        }
        Ok(parsed)
    }
}
