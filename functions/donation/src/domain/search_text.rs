//! Free-text search over names and addresses, in Chinese, Latin letters, digits and pinyin, by an FTS5 index.
//!
//! # Design
//! SQLite in the host has no tokenizer for Chinese, and a component can't bring one. So the words are made here and
//! the table, `fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')`, only splits
//! them at spaces. [`index_text`] writes each Chinese character as a word of its own and the pinyin after that;
//! [`match_expression`] turns runs of characters, and letters that read as pinyin, into phrases of these words.
//!
//! A phrase must not match across two parts of a point, so a word that no query contains stands between them:
//! U+E000, for private use. unicode61 takes category `Co` as part of a word, and a query's runs never hold it, since it
//! is neither a letter nor a digit.

use std::collections::BTreeSet;

mod readings;
mod runs;
mod syllables;
#[cfg(test)]
mod tests;

use readings::Readings;
use runs::{Kind, Run, runs};

/// Stands between what no phrase may cross.
const BORDER: &str = "\u{e000} ";
/// Bytes of one point's index text.
const INDEX_BYTES: usize = 4096;
/// Characters of a query that are looked at, so that SQLite's limits on an expression are never met.
const QUERY_CHARS: usize = 100;
/// Syllables around another reading: with fewer, longer queries miss it; with more, the index grows.
const WINDOW: usize = 3;

/// The words to index for a point whose texts are `parts`, such as name, operator, address and divisions. At most
/// 4 KB; from what is longer, other readings go missing first, then the ends.
#[must_use]
pub fn index_text(parts: &[&str]) -> String {
    let parts: Vec<Vec<Run>> = parts.iter().map(|part| runs(part)).collect();
    let mut index = Index { text: " ".to_owned() };
    for glued in parts.iter().flat_map(|part| part.chunk_by(|_, next| next.glued)) {
        index.add(&glued.iter().map(Run::words).collect::<Vec<_>>().join(" "));
    }
    let chinese = parts.iter().flatten().filter(|run| run.kind == Kind::Chinese);
    let spoken: Vec<Vec<Readings>> = chinese.flat_map(|run| readings::of_run(&run.text)).collect();
    for run in &spoken {
        index.add(&usual(run).join(" "));
    }
    let mut windows = BTreeSet::new();
    for run in &spoken {
        let usual = usual(run);
        for (at, readings) in run.iter().enumerate() {
            let first = at.saturating_sub(WINDOW);
            for other in readings.others() {
                let window = usual.iter().enumerate().skip(first).take(at - first + 1 + WINDOW);
                let window: Vec<&str> =
                    window.map(|(i, usual)| if i == at { other } else { *usual }).collect();
                windows.insert(window.join(" "));
            }
        }
    }
    // Windows differ from what is there by the other reading, so they aren't looked for in it.
    for window in &windows {
        index.push(window);
    }
    index.text.trim().to_owned()
}

fn usual(run: &[Readings]) -> Vec<&'static str> {
    run.iter().filter_map(|readings| readings.usual()).collect()
}

/// Index text in the making; a space before and after each word lets it be searched for whole words.
struct Index {
    text: String,
}

impl Index {
    /// Adds a segment, or of it what fits, unless it is a part of another one.
    fn add(&mut self, segment: &str) {
        if !self.text.contains(&format!(" {segment} ")) {
            self.push(segment);
        }
    }

    /// Adds a segment, or of it what fits.
    fn push(&mut self, segment: &str) {
        let border = if self.text.len() > 1 { BORDER } else { "" };
        let room = INDEX_BYTES.saturating_sub(self.text.len() + border.len());
        let ends = segment.match_indices(' ').map(|(at, _)| at).chain([segment.len()]);
        let Some(fitting) = ends.take_while(|end| *end < room).last().and_then(|end| segment.get(..end))
        else {
            return;
        };
        if !fitting.is_empty() {
            self.text.extend([border, fitting, " "]);
        }
    }
}

/// The FTS5 expression for what a person typed, to bind after `MATCH`; `None` when it holds neither a letter nor a
/// digit. Whatever stands apart by space, punctuation or script has to occur, in any order. What comes after the first
/// 100 characters is ignored.
#[must_use]
pub fn match_expression(q: &str) -> Option<String> {
    let head: String = q.chars().take(QUERY_CHARS).collect();
    let groups: Vec<String> = runs(&head).iter().map(group).collect();
    // FTS5 knows no implicit AND beside parentheses.
    (!groups.is_empty()).then(|| groups.join(" AND "))
}

/// Quoting is enough against injection: the words are letters and digits alone.
fn group(run: &Run) -> String {
    let words = run.words();
    match run.kind {
        Kind::Chinese => format!("\"{words}\""),
        Kind::Digits => format!("\"{words}\"*"),
        Kind::Letters => {
            let mut phrases = vec![words];
            for phrase in syllables::segmentations(&run.text) {
                if !phrases.contains(&phrase) {
                    phrases.push(phrase);
                }
            }
            let phrases: Vec<String> = phrases.iter().map(|phrase| format!("\"{phrase}\"*")).collect();
            format!("({})", phrases.join(" OR "))
        }
    }
}
