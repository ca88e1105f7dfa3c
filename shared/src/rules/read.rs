//! Reads a rules file: TOML to checked parameters, with every fault at its line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::{Dated, Fault, Parameter, RuleValue, Unit};

/// The parameters of the file by name, or what is wrong with it in the order of its lines.
pub(super) fn read(file: &str, text: &str) -> Result<BTreeMap<String, Parameter>, Vec<Fault>> {
    let mut reader = Reader { file, text, faults: Vec::new() };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        reader.fault(at, error.message().to_owned());
    }
    let mut parameters = BTreeMap::new();
    // What a parser recovered after a syntax error only looks like the file.
    if errors.is_empty() {
        reader.only(document.get_ref(), &["parameter"]);
        for entry in reader.tables(document.get_ref(), "parameter", 0) {
            let at = entry.span().start;
            if let Some((name, parameter)) = reader.parameter(entry, at)
                && parameters.insert(name.clone(), parameter).is_some()
            {
                reader.fault(at, format!("parameter `{name}` is there twice"));
            }
        }
    }
    if reader.faults.is_empty() {
        return Ok(parameters);
    }
    reader.faults.sort_by_key(|fault| fault.line);
    Err(reader.faults)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    faults: Vec<Fault>,
}

// `at` is a place in the text, in bytes; it becomes a line only for a fault.
impl Reader<'_> {
    fn fault(&mut self, at: usize, message: String) {
        let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        self.faults.push(Fault { file: self.file.to_owned(), line, message });
    }

    fn parameter(&mut self, entry: &Spanned<DeValue<'_>>, at: usize) -> Option<(String, Parameter)> {
        let table = entry.get_ref().as_table()?;
        self.only(table, &["name", "unit", "value"]);
        let name = self.name(table, at);
        let unit = self.unit(table, at);
        let mut values = Vec::new();
        let entries = self.tables(table, "value", at);
        for entry in &entries {
            let at = entry.span().start;
            values.extend(self.dated(entry, unit, at).map(|dated| (at, dated)));
        }
        values.sort_by_key(|(_, dated)| dated.from);
        // A value that can't be read would only look like a gap.
        if values.len() == entries.len() {
            self.check_timeline(&values);
        }
        let values = values.into_iter().map(|(_, dated)| dated).collect();
        Some((name?, Parameter { unit: unit?, values }))
    }

    fn name(&mut self, table: &DeTable<'_>, at: usize) -> Option<String> {
        let name = self.text(table, "name", at)?;
        let fits =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
        if name.bytes().all(fits) {
            return Some(name);
        }
        let at = self.place_of(table, "name", at);
        self.fault(at, format!("`{name}` is no name: only a-z, 0-9, `_` and `.`"));
        None
    }

    fn unit(&mut self, table: &DeTable<'_>, at: usize) -> Option<Unit> {
        let name = self.text(table, "unit", at)?;
        let unit = Unit::named(&name);
        if unit.is_none() {
            let at = self.place_of(table, "unit", at);
            let known = Unit::ALL.map(Unit::as_str).join(", ");
            self.fault(at, format!("`{name}` is no unit: {known}"));
        }
        unit
    }

    fn dated(&mut self, entry: &Spanned<DeValue<'_>>, unit: Option<Unit>, at: usize) -> Option<Dated> {
        let table = entry.get_ref().as_table()?;
        self.only(table, &["value", "from", "to", "source", "source_zh", "verified"]);
        let value = self.value(table, unit, at);
        let from = self.needed(table, "from", at).and_then(|from| self.day(from, "from"));
        let to = table.get("to").map(|to| self.day(to, "to"));
        let source = self.text(table, "source", at);
        let source_zh = self.text(table, "source_zh", at);
        let verified = match table.get("verified") {
            None => Some(false),
            Some(flag) if flag.get_ref().is_bool() => flag.get_ref().as_bool(),
            Some(other) => {
                let at = other.span().start;
                self.fault(at, "`verified` is true or false".to_owned());
                None
            }
        };
        if let (Some(from), Some(Some(to))) = (from, to)
            && to < from
        {
            self.fault(at, format!("`to` {to} is before `from` {from}"));
            return None;
        }
        // A `to` that can't be read must not turn into "still in force".
        let to = to.map_or(Some(None), |to| to.map(Some))?;
        Some(Dated {
            value: value?,
            from: from?,
            to,
            source: source?,
            source_zh: source_zh?,
            verified: verified?,
        })
    }

    fn value(&mut self, table: &DeTable<'_>, unit: Option<Unit>, at: usize) -> Option<RuleValue> {
        let value = self.needed(table, "value", at)?;
        let unit = unit?;
        let read = match (unit, value.get_ref()) {
            (Unit::Flag, DeValue::Boolean(flag)) => Some(RuleValue::Flag(*flag)),
            (Unit::Text, DeValue::String(text)) => filled(text).map(RuleValue::Text),
            (Unit::Flag | Unit::Text, _) => None,
            (Unit::List, DeValue::Array(items)) if items.iter().any(|item| item.get_ref().is_str()) => items
                .iter()
                .map(|item| item.get_ref().as_str().and_then(filled))
                .collect::<Option<_>>()
                .map(RuleValue::List),
            (_, DeValue::Array(items)) if !items.is_empty() => items
                .iter()
                .map(|item| item.get_ref().as_integer().and_then(number))
                .collect::<Option<_>>()
                .map(RuleValue::Numbers),
            (Unit::List, _) => None,
            (_, DeValue::Integer(integer)) => number(integer).map(RuleValue::Number),
            _ => None,
        };
        if read.is_none() {
            let at = value.span().start;
            let wanted = match unit {
                Unit::Flag => "true or false",
                Unit::Text => "a string that isn't empty",
                Unit::List => "an array of strings, or of whole numbers from 0",
                _ => "a whole number from 0, or an array of them",
            };
            self.fault(at, format!("a value in {unit} is {wanted}"));
        }
        read
    }

    /// Each value begins on the day after the one before it ends, and is of the same kind.
    fn check_timeline(&mut self, values: &[(usize, Dated)]) {
        for ((_, before), (at, next)) in values.iter().zip(values.iter().skip(1)) {
            if std::mem::discriminant(&before.value) != std::mem::discriminant(&next.value) {
                self.fault(*at, "of another kind than the value before it".to_owned());
            }
            let from = next.from;
            match before.to {
                Some(to) if to.succ_opt() == Some(from) => {}
                Some(to) if to < from => self.fault(*at, format!("no value between {to} and {from}")),
                Some(to) => {
                    self.fault(*at, format!("from {from} there are two values: the other ends on {to}"));
                }
                None => self.fault(*at, format!("from {from} there are two values: the other has no `to`")),
            }
        }
    }

    /// Faults every other key of the table.
    fn only(&mut self, table: &DeTable<'_>, keys: &[&str]) {
        for key in table.keys().filter(|key| !keys.contains(&key.get_ref().as_ref())) {
            let at = key.span().start;
            self.fault(at, format!("unknown key `{}`: only {}", key.get_ref(), keys.join(", ")));
        }
    }

    fn needed<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        key: &str,
        at: usize,
    ) -> Option<&'t Spanned<DeValue<'i>>> {
        let value = table.get(key);
        if value.is_none() {
            self.fault(at, format!("`{key}` is missing"));
        }
        value
    }

    /// The tables under `[[key]]`, at least one.
    fn tables<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        key: &str,
        at: usize,
    ) -> Vec<&'t Spanned<DeValue<'i>>> {
        let Some(value) = self.needed(table, key, at) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items)
                if items.iter().all(|item| item.get_ref().is_table()) && !items.is_empty() =>
            {
                items.iter().collect()
            }
            _ => {
                let at = value.span().start;
                self.fault(at, format!("`{key}` is a list of tables, each under `[[…{key}]]`"));
                Vec::new()
            }
        }
    }

    fn text(&mut self, table: &DeTable<'_>, key: &str, at: usize) -> Option<String> {
        let value = self.needed(table, key, at)?;
        let text = value.get_ref().as_str().and_then(filled);
        if text.is_none() {
            let at = value.span().start;
            self.fault(at, format!("`{key}` is a string that isn't empty"));
        }
        text
    }

    fn day(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<NaiveDate> {
        let bare = value
            .get_ref()
            .as_datetime()
            .filter(|written| written.time.is_none() && written.offset.is_none());
        let day = bare
            .and_then(|written| written.date)
            .and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
        if day.is_none() {
            let at = value.span().start;
            self.fault(at, format!("`{key}` is a day, written 2026-01-31 without quotes"));
        }
        day
    }

    fn place_of(&self, table: &DeTable<'_>, key: &str, otherwise: usize) -> usize {
        table.get(key).map_or(otherwise, |value| value.span().start)
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn number(integer: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| *number >= 0)
}

#[cfg(test)]
mod tests;
