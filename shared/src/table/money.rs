//! Amounts of money: yuan in a file, integer fen everywhere else.

use std::ops::RangeInclusive;

use crate::{i18n::Text, input::Rejection, width::narrow};

/// An amount in yuan as fen, of which `range` says how many there may be: digits, and behind a point one or two more.
///
/// `money` is the code of anything else, such as an amount with a thousand separator, which is a decimal comma elsewhere;
/// `out_of_range` of another amount.
pub fn yuan(range: RangeInclusive<i64>) -> impl Fn(&str) -> Result<i64, Rejection> {
    move |cell| {
        let fen = fen(&narrow(cell)).ok_or(Rejection::new(
            "money",
            "应为金额(元)，至多两位小数，不用千位分隔符，如 5000 或 5000.50。",
            "This has to be an amount in yuan with at most two decimals and no thousand separator, such as 5000 or 5000.50.",
        ))?;
        if range.contains(&fen) {
            return Ok(fen);
        }
        let (least, most) = (yuan_text(*range.start()), yuan_text(*range.end()));
        Err(Rejection {
            code: "out_of_range",
            message: Text::of(
                format!("应在 {least} 与 {most} 元之间。"),
                format!("This has to be {least} to {most} yuan."),
            ),
        })
    }
}

/// How [`yuan`] is written: with two decimals, or none where they are zeros.
#[must_use]
pub fn yuan_text(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    match (fen / 100, fen % 100) {
        (yuan, 0) => format!("{sign}{yuan}"),
        (yuan, rest) => format!("{sign}{yuan}.{rest:02}"),
    }
}

/// The fen of an amount; the most that there are of one that is larger still.
fn fen(cell: &str) -> Option<i64> {
    let (yuan, rest) = cell.split_once('.').map_or((cell, None), |(yuan, rest)| (yuan, Some(rest)));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = is_digits(yuan) && rest.is_none_or(|rest| is_digits(rest) && rest.len() <= 2);
    let digits = format!("{yuan}{:0<2}", rest.unwrap_or_default());
    fits.then(|| digits.parse().unwrap_or(i64::MAX))
}
