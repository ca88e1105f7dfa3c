//! Dated parameters as data: the figure that a rule uses, since when, and who says so.
//!
//! A function keeps its parameters in `rules/*.toml`:
//!
//! ```toml
//! [[parameter]]
//! name = "minimum_age_male"   # a-z, 0-9, `_` and `.`
//! unit = "years"              # see `Unit`
//!
//! [[parameter.value]]
//! value = 22
//! from = 1981-01-01           # first day
//! # to = 2030-12-31           # last day, that day included; absent: still in force
//! source = "Civil Code art. 1047"
//! source_zh = "《中华人民共和国民法典》第一千零四十七条"
//! verified = true             # checked against the source; absent: not yet
//! ```
//!
//! A parameter's values follow each other without a gap or an overlap. A new figure is a new
//! `[[parameter.value]]`, and the one before it gets its `to`; nothing is overwritten, so that a past day can be
//! asked about.

mod read;
mod unit;

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use unit::Unit;

/// The parameters of one rules file, checked. Parse it once per instance; a lookup only borrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    parameters: BTreeMap<String, Parameter>,
}

/// One parameter: its unit, and its values by first day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parameter {
    unit: Unit,
    values: Vec<Dated>,
}

/// One value and the days on which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Dated {
    value: RuleValue,
    from: NaiveDate,
    to: Option<NaiveDate>,
    source: String,
    source_zh: String,
    verified: bool,
}

/// What a parameter says; in JSON the bare number, boolean, string or array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[derive(utoipa::ToSchema)]
pub enum RuleValue {
    /// A whole number in the parameter's unit, never negative.
    Number(i64),
    /// Whether something applies.
    Flag(bool),
    /// A rule in words, or a code.
    Text(String),
    /// Steps in the parameter's unit, such as the hours that earn each star.
    Numbers(Vec<i64>),
    /// Codes or words, in the file's order.
    List(Vec<String>),
}

/// The value in force on a day: borrowed from the [`RuleSet`], cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied<'a> {
    /// The parameter's name.
    pub name: &'a str,
    /// What it says.
    pub value: &'a RuleValue,
    /// What its number counts.
    pub unit: Unit,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The last day on which it holds; `None` while it is in force.
    pub to: Option<NaiveDate>,
    /// The law or notice, in English.
    pub source: &'a str,
    /// The law or notice, by its Chinese name.
    pub source_zh: &'a str,
    /// Whether someone compared it with the source.
    pub verified: bool,
}

/// What an answer says about a parameter that it used: the fields of [`Applied`], owned and ready for JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Citation {
    /// The parameter's name.
    pub name: String,
    /// What it says.
    pub value: RuleValue,
    /// What its number counts.
    pub unit: Unit,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The last day on which it holds; `null` while it is in force.
    pub to: Option<NaiveDate>,
    /// The law or notice, in English.
    pub source: String,
    /// The law or notice, by its Chinese name.
    pub source_zh: String,
    /// Whether someone compared it with the source.
    pub verified: bool,
}

/// Why a rules file or a question to it fails. None of them is the caller's fault: it answers 500.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// The file is wrong; every fault, by line.
    #[error("{}", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))]
    Faulty(Vec<Fault>),
    /// No parameter has this name.
    #[error("no parameter is named `{name}`")]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// The parameter has no value on this day.
    #[error("parameter `{name}` has no value on {on}")]
    NotInForce {
        /// The name asked for.
        name: String,
        /// The day asked about.
        on: NaiveDate,
    },
    /// The value is of another kind than the code expects, or out of its range.
    #[error("parameter `{name}` in {unit} can't be read as {wanted}")]
    WrongKind {
        /// The parameter's name.
        name: String,
        /// Its unit.
        unit: Unit,
        /// What the code asked for.
        wanted: &'static str,
    },
}

/// One fault in a rules file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name given to [`RuleSet::parse`].
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl RuleSet {
    /// Reads a rules file; `file_name` is only for the faults.
    ///
    /// # Errors
    /// [`RulesError::Faulty`] with every fault: of the TOML syntax if there is one, else of the content, such as an
    /// unknown key or unit, a value that doesn't fit its unit, a day missing from a timeline or in it twice, or an
    /// empty source.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, RulesError> {
        let parameters = read::read(file_name, text).map_err(RulesError::Faulty)?;
        Ok(Self { parameters })
    }

    /// The value of `name` in force on the day `on`.
    ///
    /// # Errors
    /// [`RulesError::Unknown`] or [`RulesError::NotInForce`].
    pub fn get(&self, name: &str, on: NaiveDate) -> Result<Applied<'_>, RulesError> {
        let (name, parameter) = self
            .parameters
            .get_key_value(name)
            .ok_or_else(|| RulesError::Unknown { name: name.to_owned() })?;
        parameter.on(name, on).ok_or_else(|| RulesError::NotInForce { name: name.clone(), on })
    }

    /// Every parameter that has a value on the day `on`, by name.
    pub fn in_force(&self, on: NaiveDate) -> impl Iterator<Item = Applied<'_>> {
        self.parameters.iter().filter_map(move |(name, parameter)| parameter.on(name, on))
    }

    /// Every value that `name` ever had, oldest first; none when there is no such parameter.
    pub fn timeline(&self, name: &str) -> impl Iterator<Item = Applied<'_>> {
        self.parameters
            .get_key_value(name)
            .into_iter()
            .flat_map(|(name, parameter)| parameter.values.iter().map(|dated| parameter.applied(name, dated)))
    }
}

impl Parameter {
    fn on<'a>(&'a self, name: &'a str, day: NaiveDate) -> Option<Applied<'a>> {
        let dated = self.values.iter().rev().find(|dated| dated.from <= day)?;
        dated.to.is_none_or(|to| day <= to).then(|| self.applied(name, dated))
    }

    fn applied<'a>(&'a self, name: &'a str, dated: &'a Dated) -> Applied<'a> {
        Applied {
            name,
            value: &dated.value,
            unit: self.unit,
            from: dated.from,
            to: dated.to,
            source: &dated.source,
            source_zh: &dated.source_zh,
            verified: dated.verified,
        }
    }
}

impl<'a> Applied<'a> {
    /// The number, in the parameter's unit.
    ///
    /// # Errors
    /// [`RulesError::WrongKind`], as for all these readers.
    pub fn as_i64(&self) -> Result<i64, RulesError> {
        if let RuleValue::Number(number) = self.value { Ok(*number) } else { Err(self.wrong("a number")) }
    }

    /// The number, for what is counted in few: years, days, seats.
    ///
    /// # Errors
    /// [`RulesError::WrongKind`], also above [`u32::MAX`].
    pub fn as_u32(&self) -> Result<u32, RulesError> {
        u32::try_from(self.as_i64()?).map_err(|_| self.wrong("a number of at most 32 bits"))
    }

    /// Whether it applies.
    ///
    /// # Errors
    /// [`RulesError::WrongKind`] when it is no flag.
    pub fn as_bool(&self) -> Result<bool, RulesError> {
        if let RuleValue::Flag(flag) = self.value { Ok(*flag) } else { Err(self.wrong("a flag")) }
    }

    /// The text.
    ///
    /// # Errors
    /// [`RulesError::WrongKind`] when it is no text.
    pub fn as_str(&self) -> Result<&'a str, RulesError> {
        if let RuleValue::Text(text) = self.value { Ok(text) } else { Err(self.wrong("a text")) }
    }

    /// The words of a list.
    ///
    /// # Errors
    /// [`RulesError::WrongKind`] when it is no list of words.
    pub fn as_list(&self) -> Result<&'a [String], RulesError> {
        if let RuleValue::List(words) = self.value { Ok(words) } else { Err(self.wrong("a list of words")) }
    }

    /// The numbers of a list, in the parameter's unit.
    ///
    /// # Errors
    /// [`RulesError::WrongKind`] when it is no list of numbers.
    pub fn as_numbers(&self) -> Result<&'a [i64], RulesError> {
        if let RuleValue::Numbers(numbers) = self.value {
            Ok(numbers)
        } else {
            Err(self.wrong("a list of numbers"))
        }
    }

    /// The citation for an answer that used it.
    pub fn cite(&self) -> Citation {
        Citation {
            name: self.name.to_owned(),
            value: self.value.clone(),
            unit: self.unit,
            from: self.from,
            to: self.to,
            source: self.source.to_owned(),
            source_zh: self.source_zh.to_owned(),
            verified: self.verified,
        }
    }

    fn wrong(&self, wanted: &'static str) -> RulesError {
        RulesError::WrongKind { name: self.name.to_owned(), unit: self.unit, wanted }
    }
}

#[cfg(test)]
mod tests;
