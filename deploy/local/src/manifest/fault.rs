//! Faults in a configuration file, each with its place.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Every fault found in one file, in the order of the file.
#[derive(Debug)]
pub(crate) struct Faults {
    file: PathBuf,
    list: Vec<Fault>,
}

#[derive(Debug)]
struct Fault {
    line: usize,
    column: usize,
    message: String,
}

impl Faults {
    /// An empty list for `file`.
    pub(crate) fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), list: Vec::new() }
    }

    /// Notes a fault at a byte range of `source`.
    pub(crate) fn add(&mut self, source: &str, span: &Range<usize>, message: impl Into<String>) {
        let before = source.get(..span.start).unwrap_or(source);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.list.push(Fault { line, column, message: message.into() });
    }

    /// `value` when nothing was noted, else the list.
    pub(crate) fn into_result<T>(mut self, value: T) -> Result<T, Self> {
        if self.list.is_empty() {
            return Ok(value);
        }
        self.list.sort_by_key(|fault| (fault.line, fault.column));
        Err(self)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{}:{}: {}", self.file.display(), fault.line, fault.column, fault.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
