mod properties;

use pinyin::ToPinyinMulti as _;
use rusqlite::Connection;
use shared::divisions;

use super::{syllables::SYLLABLES, *};

/// Points by their parts, as the store keeps them.
struct Points(Connection);

impl Points {
    fn of(points: &[&[&str]]) -> Self {
        let database = Connection::open_in_memory().unwrap();
        database
            .execute_batch(
                "CREATE VIRTUAL TABLE point_text USING fts5(
                     words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')",
            )
            .unwrap();
        let mut insert = database.prepare("INSERT INTO point_text (rowid, words) VALUES (?1, ?2)").unwrap();
        for (id, parts) in points.iter().enumerate() {
            insert.execute((id as i64, index_text(parts))).unwrap();
        }
        drop(insert);
        Self(database)
    }

    /// The points found, by their place in the list.
    fn find(&self, q: &str) -> Vec<usize> {
        let Some(expression) = match_expression(q) else { return Vec::new() };
        let sql = "SELECT rowid FROM point_text WHERE point_text MATCH ?1 ORDER BY rowid";
        let mut select = self.0.prepare_cached(sql).unwrap();
        let rows = select.query_map([&expression], |row| row.get::<_, i64>(0)).unwrap();
        rows.map(|id| id.unwrap_or_else(|error| panic!("{expression}: {error}")) as usize).collect()
    }
}

const SAMPLES: &[&str] = &[
    "徐汇区枫林路街道",
    "闵行区莘庄镇",
    "浦东新区高行镇",
    "长宁区",
    "崇明区堡镇",
    "吕巷镇",
    "重固镇",
    "ＫＦＣ Love Box 88号",
    "漕河泾街道",
    "西安路",
    "Xi'an Noodles",
];

fn found(q: &str) -> Vec<&'static str> {
    let points: Vec<&[&str]> = SAMPLES.chunks(1).collect();
    Points::of(&points).find(q).into_iter().map(|at| SAMPLES[at]).collect()
}

#[test]
fn chinese_finds_what_contains_it() {
    assert_eq!(found("徐汇"), ["徐汇区枫林路街道"]);
    assert_eq!(found("汇"), ["徐汇区枫林路街道"]);
    assert_eq!(found("徐汇 枫林"), ["徐汇区枫林路街道"]);
    assert_eq!(found("枫林，徐汇"), ["徐汇区枫林路街道"]);
    assert_eq!(found("漕河泾"), ["漕河泾街道"]);
    assert_eq!(found("镇").len(), 5);
}

#[test]
fn another_order_or_a_gap_does_not_match() {
    for q in ["汇徐", "徐区", "huixu", "xuqu", "lovekfc", "区徐汇", "枫林 闵行", "ixuhui", "徐汇12"]
    {
        assert_eq!(found(q), [""; 0], "{q}");
    }
}

#[test]
fn pinyin_finds_characters_whole_or_unfinished() {
    for q in [
        "xuhui",
        "xuh",
        "xuhu",
        "XuHui",
        "xu hui",
        "ＸＵＨＵＩ",
        "xuhuiqu",
        "xuhui枫林",
        "枫林xuh",
        "fenglinlu",
    ] {
        assert!(found(q).contains(&"徐汇区枫林路街道"), "{q}");
    }
    assert_eq!(found("xuhui"), ["徐汇区枫林路街道"]);
    assert_eq!(found("caohejing"), ["漕河泾街道"]);
    assert_eq!(found("minhang"), ["闵行区莘庄镇"]);
    assert_eq!(found("xinzhuang"), ["闵行区莘庄镇"]);
    assert_eq!(found("gaohang"), ["浦东新区高行镇"]);
    assert_eq!(found("gaoxingzhen"), ["浦东新区高行镇"]);
    assert_eq!(found("baozhen"), ["崇明区堡镇"]);
    assert_eq!(found("buzhen"), ["崇明区堡镇"]);
    for q in ["lvxiang", "luxiang", "lüxiang", "LÜXIANG", "lu\u{308}xiang"] {
        assert_eq!(found(q), ["吕巷镇"], "{q}");
    }
}

#[test]
fn an_apostrophe_is_the_border_of_a_syllable() {
    // `xian` may also be the unfinished `xiang` of 吕巷.
    for q in ["xian", "xi'an", "Xi＇an", "xi’an"] {
        assert_eq!(found(q), ["吕巷镇", "西安路", "Xi'an Noodles"], "{q}");
    }
    assert_eq!(found("xi'anlu"), ["西安路"]);
    assert_eq!(found("lv'xi'ang"), [""; 0]);
    assert_eq!(match_expression("xi'an").unwrap(), r#"("xian"* OR "xi an"* OR "xi a n"*)"#);
    assert_eq!(match_expression("xian").unwrap(), r#"("xian"* OR "xia n"* OR "xi an"* OR "xi a n"*)"#);
}

#[test]
fn letters_and_digits_match_from_the_start_of_a_word_in_any_case_and_width() {
    for q in ["kfc", "KF", "ｋｆｃ", "box love", "88", "８８", "8", "88号", "love-box", "kfc88"] {
        assert_eq!(found(q), ["ＫＦＣ Love Box 88号"], "{q}");
    }
    for q in ["fc", "ove", "188", "98"] {
        assert_eq!(found(q), [""; 0], "{q}");
    }
}

#[test]
fn no_phrase_crosses_two_parts_or_punctuation() {
    let points = Points::of(&[&["东风", "新村", "Gao", "Qiao"], &["东（风）", "a安"], &["东风新村高桥"]]);
    assert_eq!(points.find("东风"), [0, 2]);
    assert_eq!(points.find("风新"), [2]);
    assert_eq!(points.find("fengxin"), [2]);
    assert_eq!(points.find("dongfeng"), [0, 2]);
    assert_eq!(points.find("cungao"), [2]);
    assert_eq!(points.find("gaoqiao"), [2]);
}

#[test]
fn what_holds_no_letter_or_digit_is_no_query() {
    for q in ["", " ", "\"", "*", "()", "，。！", "''", "\u{e000}", "\0", "- + ^ : {}"] {
        assert_eq!(match_expression(q), None, "{q}");
    }
}

#[test]
fn syntax_of_fts5_is_only_words() {
    assert_eq!(match_expression("NOT 徐").unwrap(), r#"("not"*) AND "徐""#);
    assert_eq!(match_expression("徐\" OR *").unwrap(), r#""徐" AND ("or"* OR "o r"*)"#);
    assert_eq!(match_expression("words:徐12").unwrap(), r#"("words"*) AND "徐" AND "12"*"#);
}

#[test]
fn the_border_is_a_word_for_unicode61_that_no_query_reaches() {
    let points = Points::of(&[&["东", "风"]]);
    let hits: i64 = points
        .0
        .query_row("SELECT count(*) FROM point_text WHERE point_text MATCH '\"\u{e000}\"'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(hits, 1);
    assert_eq!(points.find("\u{e000}"), [0_usize; 0]);
    assert_eq!(index_text(&["a\u{e000}b"]), "a \u{e000} b");
}

#[test]
fn index_text_reads_like_this() {
    assert_eq!(
        index_text(&["高行镇2号", "高行", "KFC"]),
        "高 行 镇 2 号 \u{e000} kfc \u{e000} gao hang zhen \u{e000} hao \u{e000} gao heng \u{e000} gao heng zhen \u{e000} \
         gao xing \u{e000} gao xing zhen"
    );
    assert_eq!(index_text(&["吕"]), "吕 \u{e000} lv \u{e000} lu");
    assert_eq!(index_text(&[]), "");
}

#[test]
fn an_ordinary_point_takes_less_than_600_bytes_and_none_more_than_4_kb() {
    for parts in [
        ["飞蚂蚁旧衣回收箱", "徐汇区枫林路街道零陵路长桥新村250弄12号"],
        ["白鲸鱼衣物捐赠点", "上海市闵行区莘庄镇莘松路380号智慧广场1楼"],
        ["善淘慈善超市万航渡路店", "静安区曹家渡街道万航渡路676弄35号"],
        ["长宁区红十字会衣物捐赠站", "长宁区长宁路599号虹桥街道社区中心"],
    ] {
        let bytes = index_text(&parts).len();
        assert!(bytes < 600, "{bytes}: {parts:?}");
    }
    for long in ["乐行长单".repeat(2000), "ab cd ".repeat(2000), "x".repeat(9000), "徐汇".repeat(9000)]
    {
        assert!(index_text(&[&long, "徐汇区"]).len() <= 4096);
    }
    assert!(match_expression(&"a".repeat(100_000)).unwrap().len() < 8192);
    assert!(match_expression(&"xian".repeat(100_000)).unwrap().len() < 8192);
    assert!(match_expression(&"徐a1".repeat(100_000)).unwrap().len() < 8192);
}

#[test]
fn every_reading_of_the_data_is_a_syllable() {
    let syllables: Vec<&str> = SYLLABLES.split_ascii_whitespace().collect();
    assert!(syllables.is_sorted_by(|a, b| a < b), "sorted, without duplicates");
    for c in '\u{4e00}'..='\u{9fff}' {
        for reading in c.to_pinyin_multi().into_iter().flatten() {
            let plain = reading.plain().replace('ü', "v");
            let interjection = ["m", "n", "ng", "hm", "hng", "ê"].contains(&plain.as_str());
            assert!(interjection || syllables.contains(&plain.as_str()), "{c} {plain}");
        }
    }
}

fn division_names() -> Vec<&'static str> {
    let districts = divisions::districts();
    let below = districts.iter().flat_map(|district| divisions::subdistricts(&district.code));
    districts.iter().chain(below).map(|division| division.name).collect()
}

#[test]
fn divisions_are_found_by_the_pinyin_that_people_type() {
    let names = division_names();
    let points: Vec<&[&str]> = names.chunks(1).collect();
    let points = Points::of(&points);
    for (name, typed) in [
        ("闵行区", "minhang minhangqu"),
        ("长宁区", "changning changningqu"),
        ("徐汇区", "xuhui"),
        ("普陀区", "putuo"),
        ("静安区", "jingan jing'an jinganqu"),
        ("崇明区", "chongming"),
        ("高行镇", "gaohang gaohangzhen"),
        ("杨行镇", "yanghang"),
        ("徐行镇", "xuhang"),
        ("庙行镇", "miaohang"),
        ("庄行镇", "zhuanghang"),
        ("殷行街道", "yinhang yinhangjiedao"),
        ("大场镇", "dachang"),
        ("堡镇", "baozhen buzhen puzhen"),
        ("重固镇", "chonggu zhonggu"),
        ("吕巷镇", "lvxiang luxiang"),
        ("绿华镇", "lvhua luhua"),
        ("莘庄镇", "xinzhuang shenzhuang"),
        ("车墩镇", "chedun"),
        ("长兴镇", "changxing"),
        ("长征镇", "changzheng"),
        ("长寿路街道", "changshou changshoulu"),
        ("长风新村街道", "changfengxincun"),
        ("新浜镇", "xinbang"),
        ("朱家角镇", "zhujiajiao"),
        ("五角场街道", "wujiaochang"),
        ("陆家嘴街道", "lujiazui"),
        ("石化街道", "shihua"),
        ("佘山镇", "sheshan"),
        ("颛桥镇", "zhuanqiao"),
        ("泖港镇", "maogang"),
        ("漕河泾街道", "caohejing"),
        ("瑞金二路街道", "ruijinerlu"),
        ("欧阳路街道", "ouyang"),
        ("共和新路街道", "gonghexin"),
        ("彭浦镇", "pengpu"),
        ("柘林镇", "zhelin"),
    ] {
        assert!(names.contains(&name), "{name}");
        for q in typed.split(' ') {
            let found: Vec<&str> = points.find(q).into_iter().map(|at| names[at]).collect();
            assert!(found.contains(&name), "{q}: {found:?}");
        }
    }
}
