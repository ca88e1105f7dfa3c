//! `q`: free text.

use serde_json::json;

use super::Corner;
use crate::client::encode;

fn by(corner: &Corner<'_>, words: &str) -> usize {
    corner.found(&format!("q={}", encode(&format!("{words} {}", corner.tag)))).len()
}

#[test]
fn a_point_is_found_by_chinese_pinyin_latin_letters_digits_and_all_of_them_mixed() {
    let corner = Corner::shared();
    let name = format!("长宁绿叶爱心屋 GreenLeaf {}", corner.tag);
    corner.point("a", json!({
        "name": name, "operator": "重庆路慈善超市", "address": "横沙乡新环路88弄3号B座", "division_code": super::TOWN,
    }));
    for words in [
        "绿叶",
        "绿叶爱心屋",
        "长宁",
        "爱心",
        "慈善超市",
        "重庆路",
        "横沙乡",
        "崇明区",
        "lvye",
        "luye",
        "lǜye",
        "changning",
        "chang ning",
        "lvyeaixinwu",
        "LVYE",
        "ａｉｘｉｎ",
        "ＧｒｅｅｎＬｅａｆ",
        "greenleaf",
        "green",
        "GREENLEAF",
        "chongqinglu",
        "zhongqinglu",
        "hengsha",
        "chongming",
        "88",
        "８８弄",
        "绿叶 greenleaf",
        "绿叶greenleaf",
        "aixin屋",
        "绿ye",
        "新环路 绿叶 b座",
        "绿叶,爱心屋!",
        "lvy",
    ] {
        assert_eq!(by(&corner, words), 1, "{words}");
    }
    for words in ["绿心", "心爱", "叶爱心绿", "redleaf", "880", "红叶", "hongye", "屋重庆", "徐汇区"]
    {
        assert_eq!(by(&corner, words), 0, "{words}");
    }
}

#[test]
fn text_that_fts5_would_take_for_a_query_is_text() {
    let corner = Corner::shared();
    corner.point("a", json!({"name": format!("和 AND 书屋 {}", corner.tag)}));
    for words in [
        "\"",
        "\"\"",
        "*",
        "a*",
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "NEAR(a b, 2)",
        "-",
        "-a",
        "words:",
        "words:a",
        "^a",
        "a^",
        "(",
        ")",
        "((((",
        "{words} : a",
        "a AND",
        "a OR b",
        "NOT a",
        "a NOT b",
        "+",
        "a + b",
        "'",
        "';--",
        ";",
        "\\",
        "%",
        "_",
        "a\"b",
        "a\" OR words:\"b",
        "null",
        "\u{e000}",
        "\u{feff}",
        "\u{202e}a",
        "é",
        "e\u{301}",
        "ß",
        "İ",
        "ﬀ",
        "😀",
        "🀄️",
        "𠮷",
        "Ⅷ",
        "½",
        "٣",
        "а",
        "ا",
        "a\u{200d}b",
        "--",
        "/*",
        "rowid",
        "rank",
        ",",
        "。",
    ] {
        let answer = corner.get(&format!("points?limit=1&q={}", encode(words))).send();
        assert!(matches!(answer.status, 200 | 422), "{words:?}: {answer:?}");
        let answer = corner.get(&format!("points.geojson?limit=1&q={}", encode(words))).send();
        assert!(matches!(answer.status, 200 | 422), "{words:?}: {answer:?}");
    }
    assert_eq!((by(&corner, "AND"), by(&corner, "书屋 AND"), by(&corner, "NOT 书屋")), (1, 1, 0));
    assert_eq!(by(&corner, "\"书屋\" -"), 1);
    assert_eq!(by(&corner, "书屋*"), 1);
}

#[test]
fn long_texts_and_texts_without_a_word_are_refused_or_answered_but_break_nothing() {
    let corner = Corner::shared();
    let ask = |text: &str| corner.get(&format!("points?limit=1&q={}", encode(text))).send();
    for text in ["", " ", "!!!", "。、"] {
        ask(text).refused(422, if text.trim().is_empty() { "length" } else { "q" });
    }
    ask(&"字".repeat(100)).expect(200);
    ask(&"a".repeat(100)).expect(200);
    ask(&"a ".repeat(50)).expect(200);
    ask(&"xian".repeat(25)).expect(200);
    ask(&"a1".repeat(50)).expect(200);
    ask(&"字".repeat(101)).refused(422, "length");
    ask(&"a".repeat(10_000)).refused(400, "unreadable");
    ask("a\u{0}b").refused(422, "characters");
    ask("\u{7f}").refused(422, "characters");
}
