//! Folding of text, and its runs of Chinese characters, of letters and of digits.

use shared::width::narrow;

/// What a run consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ideographs of all CJK blocks, and 〇.
    Chinese,
    /// Letters of any other script, and numbers that aren't plain digits, such as Ⅷ.
    Letters,
    /// 0 to 9.
    Digits,
}

impl Kind {
    fn of(c: char) -> Option<Self> {
        match c {
            '〇'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3fffd}' => Some(Self::Chinese),
            '0'..='9' => Some(Self::Digits),
            _ => c.is_alphanumeric().then_some(Self::Letters),
        }
    }
}

/// Neighbouring characters of one kind, folded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// What it consists of.
    pub(super) kind: Kind,
    /// Its characters; an apostrophe inside letters (`xi'an`) is kept, as the border of a syllable.
    pub(super) text: String,
    /// Whether it follows another run immediately.
    pub(super) glued: bool,
}

impl Run {
    /// As words of the index: each Chinese character, or all the letters or digits.
    pub(super) fn words(&self) -> String {
        match self.kind {
            Kind::Chinese => self.text.chars().map(String::from).collect::<Vec<_>>().join(" "),
            Kind::Letters | Kind::Digits => self.text.replace('\'', ""),
        }
    }
}

/// The runs of a text, without what is between them.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut glued, mut apostrophe) = (false, false);
    for c in fold(text).chars() {
        let Some(kind) = Kind::of(c) else {
            apostrophe = c == '\'' && glued;
            glued = false;
            continue;
        };
        match runs.last_mut() {
            Some(run) if run.kind == kind && glued => run.text.push(c),
            Some(Run { kind: Kind::Letters, text, .. }) if kind == Kind::Letters && apostrophe => {
                text.extend(['\'', c]);
            }
            _ => runs.push(Run { kind, text: c.into(), glued }),
        }
        (glued, apostrophe) = (true, false);
    }
    runs
}

/// Half width, lower case, `v` for ü as on a keyboard, and one kind of apostrophe.
fn fold(text: &str) -> String {
    let folded: String = narrow(text)
        .chars()
        .map(|c| match c {
            'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
            '‘' | '’' | 'ʼ' | '`' => '\'',
            other => other,
        })
        .collect();
    folded.replace("u\u{308}", "v")
}
