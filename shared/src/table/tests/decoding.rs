use super::*;

const TEXT: &str = "编号,名称\n1,\u{20BB7}野家\n";

/// The text in GB 18030 as Python encodes it; U+20BB7 takes four bytes, 95 34 B2 35.
const GB_18030: &[u8] = b"\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6\n1,\x954\xB25\xD2\xB0\xBC\xD2\n";

fn code(bytes: &[u8], charset: Option<&str>) -> &'static str {
    decode(bytes, charset).unwrap_err().code
}

#[test]
fn utf_8_is_read_with_and_without_mark() {
    let marked = format!("\u{feff}{TEXT}");
    for charset in [None, Some("utf-8"), Some("\"UTF-8\""), Some("utf8")] {
        assert_eq!(decode(TEXT.as_bytes(), charset).unwrap(), TEXT);
        assert_eq!(decode(marked.as_bytes(), charset).unwrap(), TEXT);
    }
}

#[test]
fn gb_18030_is_recognised_four_bytes_and_all() {
    for charset in [None, Some("GB18030"), Some("gbk"), Some("GB2312")] {
        assert_eq!(decode(GB_18030, charset).unwrap(), TEXT);
    }
    let marked = [b"\x84\x31\x95\x33".as_slice(), GB_18030].concat();
    assert_eq!(decode(&marked, None).unwrap(), TEXT);
}

#[test]
fn a_named_character_set_wins_over_what_the_bytes_look_like() {
    assert_eq!(code(GB_18030, Some("utf-8")), "encoding");
    assert_eq!(decode("中文".as_bytes(), Some("gbk")).unwrap(), "涓\u{e15f}枃");
    assert_eq!(code(b"id", Some("utf-16")), "charset");
}

#[test]
fn bytes_of_neither_set_are_refused() {
    assert_eq!(code(b"\xFF\xFEi\0d\0", None), "encoding", "UTF-16");
    assert_eq!(code(b"\xEF\xBB\xBFid\xC4\xE3", None), "encoding", "marked as UTF-8");
    assert_eq!(code(b"id\xC4", None), "encoding", "cut off");
}
