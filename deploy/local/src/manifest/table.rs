//! Reads TOML tables key by key, so that what nobody asked for is a fault.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Faults;

/// A value and where it stands in its file.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    /// The value.
    pub(crate) value: T,
    /// Its byte range in the file.
    pub(crate) span: Range<usize>,
}

/// The file being read: its text and the faults found so far.
pub(crate) struct Source<'s> {
    text: &'s str,
    faults: Faults,
}

impl<'s> Source<'s> {
    /// Parses `text`; where that fails, what the rest would mean is anyone's guess, so only that is told.
    pub(crate) fn parse(file: &Path, text: &'s str) -> Result<(Self, Spanned<DeTable<'s>>), Faults> {
        let mut source = Self { text, faults: Faults::new(file) };
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or_default();
            source.fault(&span, error.message().to_owned());
        }
        source.faults.into_result(())?;
        Ok((Self { text, faults: Faults::new(file) }, document))
    }

    pub(crate) fn fault(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.faults.add(self.text, span, message);
    }

    pub(crate) fn into_result<T>(self, value: T) -> Result<T, Faults> {
        self.faults.into_result(value)
    }
}

/// One table, the name it goes by in messages, and the keys asked for so far.
pub(crate) struct Table<'t, 's> {
    /// Such as `component.marriage`; empty for the document.
    pub(crate) label: String,
    pub(crate) span: Range<usize>,
    entries: &'t DeTable<'s>,
    asked: BTreeSet<&'static str>,
}

impl<'t, 's> Table<'t, 's> {
    pub(crate) fn new(label: impl Into<String>, table: &'t DeTable<'s>, span: Range<usize>) -> Self {
        Self { label: label.into(), span, entries: table, asked: BTreeSet::new() }
    }

    fn name(&self, key: &str) -> String {
        if self.label.is_empty() { key.to_owned() } else { format!("{}.{key}", self.label) }
    }

    pub(crate) fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'s>>> {
        self.asked.insert(key);
        self.entries.get(key)
    }

    fn wrong(&self, source: &mut Source<'_>, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let message = format!("`{}` must be {wanted}, not {}", self.name(key), value.get_ref().type_str());
        source.fault(&value.span(), message);
    }

    pub(crate) fn string(&mut self, source: &mut Source<'_>, key: &'static str) -> Option<Located<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Located { value: text.to_string(), span: value.span() }),
            _ => {
                self.wrong(source, key, value, "a string");
                None
            }
        }
    }

    /// Like [`Self::string`], and its absence is a fault.
    pub(crate) fn required(&mut self, source: &mut Source<'_>, key: &'static str) -> Option<Located<String>> {
        if !self.entries.contains_key(key) {
            source.fault(&self.span, format!("`{}` is missing", self.name(key)));
        }
        self.string(source, key)
    }

    pub(crate) fn boolean(&mut self, source: &mut Source<'_>, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(truth) => Some(*truth),
            _ => {
                self.wrong(source, key, value, "true or false");
                None
            }
        }
    }

    /// An array of strings; absent is empty.
    pub(crate) fn strings(&mut self, source: &mut Source<'_>, key: &'static str) -> Vec<Located<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(source, key, value, "an array of strings");
            return Vec::new();
        };
        let mut strings = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => {
                    strings.push(Located { value: text.to_string(), span: item.span() });
                }
                _ => self.wrong(source, key, item, "an array of strings"),
            }
        }
        strings
    }

    pub(crate) fn table(&mut self, source: &mut Source<'_>, key: &'static str) -> Option<Table<'t, 's>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Table::new(self.name(key), table, value.span())),
            _ => {
                self.wrong(source, key, value, "a table");
                None
            }
        }
    }

    /// Marks `key` as known, whatever it holds.
    pub(crate) fn skip(&mut self, key: &'static str) {
        self.asked.insert(key);
    }

    /// Every entry, in the order of the file; the table counts as fully read.
    pub(crate) fn entries(&self) -> Vec<(Located<String>, &'t Spanned<DeValue<'s>>)> {
        let mut all: Vec<_> = self
            .entries
            .iter()
            .map(|(key, value)| (Located { value: key.get_ref().to_string(), span: key.span() }, value))
            .collect();
        all.sort_by_key(|(key, _)| key.span.start);
        all
    }

    /// Every entry that is a table, with its key; others are faults.
    pub(crate) fn tables(&self, source: &mut Source<'_>) -> Vec<(Located<String>, Table<'t, 's>)> {
        let mut tables = Vec::new();
        for (key, value) in self.entries() {
            match value.get_ref() {
                DeValue::Table(table) => {
                    let table = Table::new(self.name(&key.value), table, key.span.clone());
                    tables.push((key, table));
                }
                _ => self.wrong(source, &key.value, value, "a table"),
            }
        }
        tables
    }

    /// Every entry as a string; others are faults.
    pub(crate) fn string_entries(&self, source: &mut Source<'_>) -> Vec<(Located<String>, Located<String>)> {
        let mut strings = Vec::new();
        for (key, value) in self.entries() {
            match value.get_ref() {
                DeValue::String(text) => {
                    strings.push((key, Located { value: text.to_string(), span: value.span() }));
                }
                _ => self.wrong(source, &key.value, value, "a string"),
            }
        }
        strings
    }

    /// Reports the keys that nobody asked for; `unsupported` names the ones that Spin knows and this runtime doesn't.
    pub(crate) fn finish(self, source: &mut Source<'_>, unsupported: &[&str]) {
        for (key, _) in self.entries() {
            if self.asked.contains(key.value.as_str()) {
                continue;
            }
            let name = self.name(&key.value);
            let message = if unsupported.contains(&key.value.as_str()) {
                format!("`{name}` is a feature of Spin that the local runtime doesn't have")
            } else {
                let known: Vec<_> = self.asked.iter().map(|key| format!("`{key}`")).collect();
                format!("unknown key `{name}`; known here: {}", known.join(", "))
            };
            source.fault(&key.span, message);
        }
    }
}
