//! How Chinese characters are read in names of places.

use std::{cell::RefCell, collections::HashMap};

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

/// How one character is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Readings([Option<&'static str>; 1 + OTHERS]);

impl Readings {
    /// The usual one.
    pub(super) fn usual(self) -> Option<&'static str> {
        self.0.first().copied().flatten()
    }

    /// The others.
    pub(super) fn others(self) -> impl Iterator<Item = &'static str> {
        self.0.into_iter().skip(1).flatten()
    }
}

/// The readings of each character of a Chinese run. The run ends, and another one begins, at a character whose reading
/// isn't known.
pub(super) fn of_run(text: &str) -> Vec<Vec<Readings>> {
    let all: Vec<Readings> = text.chars().map(readings).collect();
    let parts = all.split(|readings| readings.usual().is_none());
    parts.filter(|run| !run.is_empty()).map(<[_]>::to_vec).collect()
}

fn readings(c: char) -> Readings {
    thread_local! {
        // Looking a character up costs a microsecond or two, and the names of a city have few of them.
        static KNOWN: RefCell<HashMap<char, Readings>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| *known.entry(c).or_insert_with(|| look_up(c)))
}

fn look_up(c: char) -> Readings {
    let local = LOCAL.iter().filter(|(known, _)| *known == c).map(|(_, reading)| *reading);
    let of_data = c.to_pinyin_multi().into_iter().flatten().flat_map(|reading| spellings(reading.plain()));
    let mut readings = Readings::default();
    let kept = if ONE_READING.contains(c) { 1 } else { 1 + OTHERS };
    for reading in local.chain(of_data.filter(|reading| is_syllable(reading))) {
        if readings.0.contains(&Some(reading)) {
            continue;
        }
        let Some(free) = readings.0.iter_mut().take(kept).find(|free| free.is_none()) else { break };
        *free = Some(reading);
    }
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
