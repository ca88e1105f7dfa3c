//! How Chinese characters are read in names of places.

use pinyin::ToPinyinMulti as _;

use super::syllables::is_syllable;

/// The reading that Shanghai's names have (长宁, 闵行, 莘庄), where the data puts another one first.
const LOCAL: &[(char, &str)] = &[('长', "chang"), ('行', "hang"), ('莘', "xin")];

/// Frequent in names, and there heard in their first reading alone: the others are archaic (路 as luo), surnames (区 as
/// ou) or grammar (地 as de), and would double the index.
const ONE_READING: &str = "会居区苑路园家南大六和港平虹景市宅红明万古方地白百共陆青零广宁庄溪王洋合尚前月石沙朱吴祁桃太\
    由角御控达塔汾齐横姚育蓝勤团彭芦殷台浩幸众祝夏波立昆超捐呼号鑫司房的舒培寺强果沂滧鼎丁潘乾思汤化技机巨池泖杜胜叶\
    沈术";

/// Other readings kept for one character: what comes later in the data is rare.
const OTHERS: usize = 2;

/// The readings of each character of a Chinese run, the usual one first. The run ends, and another one begins, at a
/// character whose reading isn't known.
pub(super) fn of_run(text: &str) -> Vec<Vec<Vec<&'static str>>> {
    let all: Vec<Vec<&str>> = text.chars().map(readings).collect();
    all.split(Vec::is_empty).filter(|run| !run.is_empty()).map(<[_]>::to_vec).collect()
}

fn readings(c: char) -> Vec<&'static str> {
    let local = LOCAL.iter().filter(|(known, _)| *known == c).map(|(_, reading)| *reading);
    let of_data = c.to_pinyin_multi().into_iter().flatten().flat_map(|reading| spellings(reading.plain()));
    let mut readings = Vec::new();
    for reading in local.chain(of_data.filter(|reading| is_syllable(reading))) {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings.truncate(if ONE_READING.contains(c) { 1 } else { 1 + OTHERS });
    readings
}

/// On a keyboard ü is v, but many type it as u.
fn spellings(plain: &'static str) -> impl Iterator<Item = &'static str> {
    let (usual, other) = match plain {
        "lü" => ("lv", Some("lu")),
        "nü" => ("nv", Some("nu")),
        "lüe" => ("lve", Some("lue")),
        "nüe" => ("nve", Some("nue")),
        _ => (plain, None),
    };
    [usual].into_iter().chain(other)
}
