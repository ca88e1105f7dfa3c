//! Rows decoded by column name, with errors that say what is wrong where.

use std::sync::Arc;

use super::{StoreError, Value};

/// One row of an answer.
pub struct Row {
    statement: &'static str,
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(super) fn new(statement: &'static str, columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { statement, columns, values }
    }

    /// The value of a column.
    ///
    /// # Errors
    /// There is no such column, or it holds another type.
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T, StoreError> {
        let wrong = |found| StoreError::Column {
            statement: self.statement,
            column: column.to_owned(),
            expected: T::EXPECTED,
            found,
        };
        let index = self.columns.iter().position(|name| name == column).ok_or_else(|| wrong("no column"))?;
        let value = self.values.get(index).ok_or_else(|| wrong("no value"))?;
        T::from_column(value).ok_or_else(|| wrong(kind(value)))
    }

    /// The value of a column that holds the word of an enum or a code, as JSON would hold it.
    ///
    /// # Errors
    /// There is no such column, it holds no text, or a text that `T` doesn't know.
    pub fn word<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_value(serde_json::Value::String(self.get(column)?)).map_err(|_| StoreError::Column {
            statement: self.statement,
            column: column.to_owned(),
            expected: "a known word",
            found: "another text",
        })
    }

    /// The value of a column that holds JSON.
    ///
    /// # Errors
    /// There is no such column, it holds no text, or the text isn't the JSON that `T` wants.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|error| StoreError::Failed {
            statement: self.statement,
            // serde's message may quote the data: only where it stopped is said.
            reason: format!("column `{column}` holds unexpected JSON at {}:{}", error.line(), error.column()),
        })
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Integer(_) => "an integer out of range",
        Value::Real(_) => "a real",
        Value::Text(_) => "a text",
        Value::Blob(_) => "a blob",
        Value::Null => "NULL",
    }
}

/// A type that a column can be decoded to.
pub trait FromColumn: Sized {
    /// The type's name in errors.
    const EXPECTED: &'static str;

    /// The value, or `None` where it is of another type.
    fn from_column(value: &Value) -> Option<Self>;
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl FromColumn for $type {
            const EXPECTED: &'static str = stringify!($type);

            fn from_column(value: &Value) -> Option<Self> {
                if let Value::Integer(number) = value { Self::try_from(*number).ok() } else { None }
            }
        }
    )*};
}

integers!(i64, i32, u8, u32, u64);

impl FromColumn for bool {
    const EXPECTED: &'static str = "0 or 1";

    fn from_column(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(0) => Some(false),
            Value::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl FromColumn for f64 {
    const EXPECTED: &'static str = "a real";

    fn from_column(value: &Value) -> Option<Self> {
        if let Value::Real(number) = value { Some(*number) } else { None }
    }
}

impl FromColumn for String {
    const EXPECTED: &'static str = "a text";

    fn from_column(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl FromColumn for Vec<u8> {
    const EXPECTED: &'static str = "a blob";

    fn from_column(value: &Value) -> Option<Self> {
        if let Value::Blob(bytes) = value { Some(bytes.clone()) } else { None }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_column(value: &Value) -> Option<Self> {
        if matches!(value, Value::Null) { Some(None) } else { T::from_column(value).map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let columns = ["n", "t", "nothing"].map(str::to_owned);
        Row::new("read_x", columns.into(), vec![Value::Integer(300), Value::Text("{".into()), Value::Null])
    }

    #[test]
    fn a_wrong_type_names_statement_and_column() {
        let error = row().get::<u8>("n").unwrap_err().to_string();
        assert_eq!(error, "statement `read_x`, column `n`: expected u8, found an integer out of range");
        let error = row().get::<i64>("nothing").unwrap_err().to_string();
        assert_eq!(error, "statement `read_x`, column `nothing`: expected i64, found NULL");
        let error = row().get::<i64>("missing").unwrap_err().to_string();
        assert_eq!(error, "statement `read_x`, column `missing`: expected i64, found no column");
    }

    #[test]
    fn null_is_none_only_where_it_is_asked_for() {
        assert_eq!(row().get::<Option<i64>>("nothing").unwrap(), None);
        assert_eq!(row().get::<Option<i64>>("n").unwrap(), Some(300));
    }

    #[test]
    fn broken_json_is_reported_without_its_text() {
        let error = row().json::<Vec<u8>>("t").unwrap_err().to_string();
        assert!(error.contains("column `t`") && !error.contains('{'), "{error}");
    }
}
