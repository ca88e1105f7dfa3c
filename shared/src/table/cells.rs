//! Parsers of single cells, for [`Row`](super::Row)'s accessors.

use std::ops::RangeInclusive;

use serde_json::Value;

use crate::{
    divisions::{DivisionCode, Level},
    i18n::Text,
    input::{self, Rejection},
    width::narrow,
};

/// Ids that nothing may have: the routes for files stand where those of single things do.
const RESERVED: [&str; 2] = ["import", "export"];

/// 1 to 40 lower-case letters, digits and hyphens, but no word that is part of a route.
///
/// # Errors
/// `id` for anything else.
pub fn id(cell: &str) -> Result<String, Rejection> {
    let id = as_json(input::slug)(cell)?;
    if RESERVED.contains(&id.as_str()) {
        let message = Text::of(format!("编号不能是“{id}”。"), format!("An id can't be “{id}”."));
        return Err(Rejection { code: "id", message });
    }
    Ok(id)
}

/// 1 to `most` characters; the code of a longer text is `length`.
pub fn text(most: usize) -> impl Fn(&str) -> Result<String, Rejection> {
    as_json(input::text(1..=most))
}

/// A telephone number, compact.
///
/// # Errors
/// `phone` for anything else.
pub fn phone(cell: &str) -> Result<String, Rejection> {
    as_json(input::phone)(cell)
}

/// A division within the city, not the whole city.
///
/// # Errors
/// `division_code` for anything else.
pub fn division_code(cell: &str) -> Result<DivisionCode, Rejection> {
    let code = as_json(input::division_code)(cell)?;
    if code.level() == Level::Municipality {
        return Err(Rejection::new(
            "division_code",
            "应为区、街道(镇)或居(村)委会的代码，不能是全市。",
            "This has to be a district, sub-district or committee, not the whole city.",
        ));
    }
    Ok(code)
}

/// Yes or no, in either language or as 1 or 0.
///
/// # Errors
/// `unknown_value` for anything else.
pub fn yes_or_no(cell: &str) -> Result<bool, Rejection> {
    match narrow(cell).as_str() {
        "true" | "1" | "是" | "yes" => Ok(true),
        "false" | "0" | "否" | "no" => Ok(false),
        _ => Err(Rejection::new("unknown_value", "应为“是”或“否”。", "This has to be yes or no.")),
    }
}

/// How [`yes_or_no`] is written.
#[must_use]
pub fn yes_or_no_text(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

/// A finite number.
///
/// # Errors
/// `number` for anything else.
pub fn number(cell: &str) -> Result<f64, Rejection> {
    cell.parse().ok().filter(|number: &f64| number.is_finite()).ok_or(Rejection::new(
        "number",
        "应为数字，如 31.2304。",
        "This has to be a number such as 31.2304.",
    ))
}

/// An integer within a range: `number` is the code of what is none, `out_of_range` of another.
pub fn integer(range: RangeInclusive<i64>) -> impl Fn(&str) -> Result<i64, Rejection> {
    move |cell| {
        let cell = narrow(cell);
        let digits = cell.strip_prefix('-').unwrap_or(&cell);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Rejection::new(
                "number",
                "应为整数，如 12。",
                "This has to be an integer such as 12.",
            ));
        }
        // What is too long for the type is beyond any range.
        cell.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            Rejection {
                code: "out_of_range",
                message: Text::of(
                    format!("应在 {least} 与 {most} 之间。"),
                    format!("This has to be {least} to {most}."),
                ),
            }
        })
    }
}

/// A parser of JSON strings for a cell.
fn as_json<T>(parse: impl Fn(&Value) -> Result<T, Rejection>) -> impl Fn(&str) -> Result<T, Rejection> {
    move |cell| parse(&Value::String(cell.to_owned()))
}
