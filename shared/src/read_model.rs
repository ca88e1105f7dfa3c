//! Read models: public answers kept in the key-value store, copied from SQL.
//!
//! # Design
//! A trigger raises a model's version in the statement that changes its truth. A copy carries the version it was built
//! from; a reader compares, and rebuilds a stale copy. So a crash between the two stores is repaired by the next reader,
//! and a lost key-value store is rebuilt.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use spin_sdk::key_value::Store;

use crate::{
    problem::{ApiError, ApiResult},
    sql,
    store::{Db, Statement, Value},
};

const READ_VERSION: Statement = sql!("read_model_version");

#[derive(Serialize, Deserialize)]
struct Copy<T> {
    version: i64,
    value: T,
}

/// The model `name`: the copy where it is current, else what `build` makes of the truth, copied for the next reader.
///
/// # Errors
/// SQL fails, or `build` does. A key-value store that fails is only logged: the truth answers.
pub async fn read<T: Serialize + DeserializeOwned>(
    db: &Db,
    store: &Store,
    name: &'static str,
    build: impl AsyncFnOnce() -> ApiResult<T>,
) -> ApiResult<T> {
    let version = match db.row(&READ_VERSION, [Value::from(name)]).await? {
        Some(row) => row.get("version")?,
        None => 0,
    };
    let kept = store.get(name).await.unwrap_or_else(|error| {
        eprintln!("{}", serde_json::json!({"level": "warn", "model": name, "message": error.to_string()}));
        None
    });
    let copy = kept.and_then(|bytes| serde_json::from_slice::<Copy<T>>(&bytes).ok());
    if let Some(copy) = copy.filter(|copy| copy.version == version) {
        return Ok(copy.value);
    }
    // The version was read before the truth: a change in between leaves the copy stale, never ahead.
    let copy = Copy { version, value: build().await? };
    let bytes = serde_json::to_vec(&copy).map_err(ApiError::internal)?;
    if let Err(error) = store.set(name, &bytes).await {
        eprintln!("{}", serde_json::json!({"level": "warn", "model": name, "message": error.to_string()}));
    }
    Ok(copy.value)
}
