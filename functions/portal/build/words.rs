//! `words.txt`: every text in both languages, side by side.

use std::collections::BTreeMap;

/// A language of the pages.
#[derive(Clone, Copy)]
pub(crate) struct Language {
    /// BCP 47.
    pub(crate) tag: &'static str,
    /// The language to switch to.
    pub(crate) other: &'static str,
    /// Its place in [`LANGUAGES`], and in each entry of [`Words`].
    index: usize,
}

/// Chinese first, English second.
pub(crate) const LANGUAGES: [Language; 2] =
    [Language { tag: "zh-CN", other: "en", index: 0 }, Language { tag: "en", other: "zh-CN", index: 1 }];

/// Texts by `group.key`.
pub(crate) struct Words(BTreeMap<String, [String; 2]>);

impl Words {
    /// Reads `[group]` lines, each key under its group, and under each key the two texts, indented.
    pub(crate) fn parse(file: &str) -> Result<Self, String> {
        let mut words = BTreeMap::new();
        let mut group = "";
        let mut lines = file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                group = name;
                continue;
            }
            let key = format!("{group}.{line}");
            let mut text = || lines.next().and_then(|line| line.strip_prefix("  ")).map(str::to_owned);
            let (Some(zh), Some(en)) = (text(), text()) else {
                return Err(format!("words.txt: {key} needs a Chinese and an English line"));
            };
            if words.insert(key.clone(), [zh, en]).is_some() {
                return Err(format!("words.txt: {key} is there twice"));
            }
        }
        Ok(Self(words))
    }

    /// The text named `key`.
    pub(crate) fn get(&self, key: &str, language: Language) -> Result<&str, String> {
        let texts = self.0.get(key).ok_or_else(|| format!("words.txt has no {key}"))?;
        texts.get(language.index).map(String::as_str).ok_or_else(|| format!("{key} lacks a language"))
    }

    /// Every key.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
