//! From bytes to text.

use std::borrow::Cow;

use crate::input::Rejection;
use encoding_rs::GB18030;

const UTF_8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file without its byte order mark. A `charset` (of the `Content-Type`: utf-8, gb18030, gbk or gb2312)
/// decides; without one, bytes that are UTF-8 are read so, and others as GB 18030, which spreadsheets in Chinese
/// write when they are asked for plain CSV.
///
/// # Errors
/// `charset` for the name of another character set, `encoding` for bytes that aren't in theirs.
pub fn decode<'a>(bytes: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, str>, Rejection> {
    let text = match charset.map(|name| name.trim_matches([' ', '"']).to_ascii_lowercase()).as_deref() {
        Some("utf-8" | "utf8") => utf_8(bytes),
        Some("gb18030" | "gbk" | "gb2312") => gb_18030(bytes),
        Some(_) => {
            return Err(Rejection::new(
                "charset",
                "只支持 UTF-8 和 GB 18030(GBK、GB 2312)编码。",
                "The character set has to be UTF-8 or GB 18030 (GBK, GB 2312).",
            ));
        }
        // With this mark the file says that it is UTF-8, so a damaged one isn't guessed at.
        None if bytes.starts_with(UTF_8_BOM) => utf_8(bytes),
        None => utf_8(bytes).or_else(|| gb_18030(bytes)),
    };
    text.map(without_mark).ok_or(Rejection::new(
        "encoding",
        "文件不是有效的 UTF-8 或 GB 18030 文本，请另存为“CSV UTF-8”。",
        "The file is no valid text in UTF-8 or GB 18030: save it as “CSV UTF-8”.",
    ))
}

fn utf_8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    str::from_utf8(bytes).ok().map(Cow::Borrowed)
}

fn gb_18030(bytes: &[u8]) -> Option<Cow<'_, str>> {
    GB18030.decode_without_bom_handling_and_without_replacement(bytes)
}

fn without_mark(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
    }
}
