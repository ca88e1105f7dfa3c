use std::{fmt::Debug, mem::size_of};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    copies::{self, between, end_of},
    divisions::DivisionCode,
    geo::Position,
};

/// What a search looks at in each thing of a map, beside its text: the facts that a function keeps of it.
pub trait Facts: Copy + Debug + PartialEq + Serialize + DeserializeOwned {
    /// A part of a thing: rooms of a home, shifts of an opportunity.
    type Part: Copy + Debug + PartialEq + Serialize + DeserializeOwned;

    /// As [`copies::Block::NAME`].
    const NAME: &'static str;
    /// As [`copies::Block::FORMAT`]. Raise it also where the facts, the parts, the words or the head change.
    const FORMAT: u32;

    /// Where it is.
    fn location(&self) -> Position;

    /// Its division.
    fn division(&self) -> &DivisionCode;
}

/// A thing on its way into a [`Pack`].
#[derive(Clone, Debug, PartialEq)]
pub struct NewItem<F: Facts> {
    /// Its cell.
    pub cell: String,
    /// Its id.
    pub id: String,
    /// What free text is looked for in, as [`narrow`](crate::width::narrow) makes it.
    pub words: String,
    /// What no clock changes beside the parts, as a JSON object.
    pub head: String,
    /// What a search looks at.
    pub facts: F,
    /// Its parts.
    pub parts: Vec<F::Part>,
}

/// The things of a group of cells, as the key-value store and the instances keep them.
///
/// # Design
/// A search looks at hundreds of things to answer with twenty. So one is a few numbers, its parts lie with those of its
/// neighbours in one list, and its text in one string, JSON already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Pack<F: Facts> {
    /// The version of its newest cell when it was read.
    version: i64,
    /// The id, cell, words and head of each thing in turn.
    text: String,
    /// The parts of each thing in turn.
    parts: Vec<F::Part>,
    entries: Vec<Entry<F>>,
}

/// One thing, and where its text and parts end; they begin where those of the one before end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
struct Entry<F: Facts> {
    facts: F,
    id_end: u32,
    cell_end: u32,
    words_end: u32,
    head_end: u32,
    parts_end: u32,
}

/// A thing of a pack.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a, F: Facts> {
    pack: &'a Pack<F>,
    index: usize,
    entry: &'a Entry<F>,
}

impl<F: Facts> Pack<F> {
    /// Packs things that were read together, with the version of their newest cell.
    #[must_use]
    pub fn new(version: i64, mut items: Vec<NewItem<F>>) -> Self {
        items.sort_unstable_by(|a, b| (&a.cell, &a.id).cmp(&(&b.cell, &b.id)));
        let mut pack = Self { version, text: String::new(), parts: Vec::new(), entries: Vec::new() };
        for item in items {
            let mut add = |text: &str| {
                pack.text.push_str(text);
                end_of(pack.text.len())
            };
            let (id_end, cell_end) = (add(&item.id), add(&item.cell));
            let (words_end, head_end) = (add(&item.words), add(&item.head));
            pack.parts.extend(item.parts);
            let parts_end = end_of(pack.parts.len());
            pack.entries.push(Entry { facts: item.facts, id_end, cell_end, words_end, head_end, parts_end });
        }
        pack
    }

    /// Its things, by cell and id.
    #[inline]
    pub fn items(&self) -> impl Iterator<Item = Item<'_, F>> {
        self.entries.iter().enumerate().map(|(index, entry)| Item { pack: self, index, entry })
    }

    /// One of its things.
    #[must_use]
    #[inline]
    pub fn item(&self, index: usize) -> Option<Item<'_, F>> {
        self.entries.get(index).map(|entry| Item { pack: self, index, entry })
    }
}

impl<F: Facts> copies::Block for Pack<F> {
    const NAME: &'static str = F::NAME;
    const FORMAT: u32 = F::FORMAT;

    fn version(&self) -> i64 {
        self.version
    }

    fn bytes(&self) -> usize {
        self.text.len() + self.entries.len() * size_of::<Entry<F>>() + self.parts.len() * size_of::<F::Part>()
    }
}

impl<'a, F: Facts> Item<'a, F> {
    /// Its number in the pack.
    #[must_use]
    #[inline]
    pub fn index(self) -> usize {
        self.index
    }

    /// What a search looks at.
    #[must_use]
    #[inline]
    pub fn facts(self) -> &'a F {
        &self.entry.facts
    }

    /// Its id.
    #[must_use]
    #[inline]
    pub fn id(self) -> &'a str {
        self.text(self.before().map_or(0, |before| before.head_end), self.entry.id_end)
    }

    /// Its cell.
    #[must_use]
    #[inline]
    pub fn cell(self) -> &'a str {
        self.text(self.entry.id_end, self.entry.cell_end)
    }

    /// What free text is looked for in.
    #[must_use]
    #[inline]
    pub fn words(self) -> &'a str {
        self.text(self.entry.cell_end, self.entry.words_end)
    }

    /// What no clock changes beside the parts, as a JSON object.
    #[must_use]
    #[inline]
    pub fn head(self) -> &'a str {
        self.text(self.entry.words_end, self.entry.head_end)
    }

    /// Its parts.
    #[must_use]
    #[inline]
    pub fn parts(self) -> &'a [F::Part] {
        let range = between(self.before().map_or(0, |before| before.parts_end), self.entry.parts_end);
        self.pack.parts.get(range).unwrap_or_default()
    }

    #[inline]
    fn before(self) -> Option<&'a Entry<F>> {
        self.pack.entries.get(self.index.checked_sub(1)?)
    }

    #[inline]
    fn text(self, from: u32, to: u32) -> &'a str {
        self.pack.text.get(between(from, to)).unwrap_or_default()
    }
}

#[cfg(test)]
pub(super) mod tests;
