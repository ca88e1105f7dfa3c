//! Statements and keys, as the test gives them.

use axum::Json;
use serde::Deserialize;
use serde_json::{Value as Any, json};
use spin_sdk::key_value::Store;
use spin_sdk::sqlite::wit::sqlite as raw;
use spin_sdk::sqlite::{Connection, Error, RowResult, Value};

#[derive(Deserialize)]
pub(crate) struct Sql {
    #[serde(default = "default")]
    database: String,
    /// Run one after the other on one connection.
    statements: Vec<(String, Vec<Any>)>,
}

fn default() -> String {
    "main".to_owned()
}

fn parameters(values: Vec<Any>) -> Vec<Value> {
    values
        .into_iter()
        .map(|value| match value {
            Any::Null => Value::Null,
            Any::Bool(truth) => Value::Integer(truth.into()),
            Any::Number(number) => match number.as_i64() {
                Some(whole) => Value::Integer(whole),
                None => Value::Real(number.as_f64().unwrap_or_default()),
            },
            Any::String(text) => Value::Text(text),
            // An array of bytes.
            other => Value::Blob(serde_json::from_value(other).unwrap_or_default()),
        })
        .collect()
}

fn row(row: RowResult) -> Any {
    row.values
        .into_iter()
        .map(|value| match value {
            Value::Null => Any::Null,
            Value::Integer(number) => number.into(),
            Value::Real(number) => number.into(),
            Value::Text(text) => text.into(),
            Value::Blob(bytes) => bytes.into(),
        })
        .collect()
}

/// `at` says whether the statement was refused (`call`) or failed (`result`).
fn failed(at: &str, error: &Error) -> Any {
    json!({ "at": at, "error": format!("{error:?}") })
}

/// The asynchronous functions.
pub(crate) async fn sql(Json(sql): Json<Sql>) -> Json<Any> {
    let connection = match Connection::open(&sql.database).await {
        Ok(connection) => connection,
        Err(error) => return Json(failed("open", &error)),
    };
    let mut answers = Vec::new();
    for (statement, values) in sql.statements {
        let answer = match connection.execute(&statement, parameters(values)).await {
            Ok(result) => {
                let columns = result.columns().to_vec();
                match result.collect().await {
                    Ok(rows) => {
                        let rows: Vec<Any> = rows.into_iter().map(row).collect();
                        json!({ "columns": columns, "rows": rows })
                    }
                    Err(error) => failed("result", &error),
                }
            }
            Err(error) => failed("call", &error),
        };
        let mut answer = answer;
        if let Some(members) = answer.as_object_mut() {
            members.insert("changes".into(), connection.changes().await.into());
            members.insert("rowid".into(), connection.last_insert_rowid().await.into());
        }
        answers.push(answer);
    }
    Json(answers.into())
}

/// The functions that block.
pub(crate) async fn sql_waiting(Json(sql): Json<Sql>) -> Json<Any> {
    let connection = match raw::Connection::open(&sql.database) {
        Ok(connection) => connection,
        Err(error) => return Json(failed("open", &error)),
    };
    let mut answers = Vec::new();
    for (statement, values) in sql.statements {
        let answer = match connection.execute(&statement, &parameters(values)) {
            Ok(result) => {
                let rows: Vec<Any> = result.rows.into_iter().map(row).collect();
                json!({
                    "columns": result.columns,
                    "rows": rows,
                    "changes": connection.changes(),
                    "rowid": connection.last_insert_rowid(),
                })
            }
            Err(error) => failed("call", &error),
        };
        answers.push(answer);
    }
    Json(answers.into())
}

/// Reads the rows one by one and keeps none: how many, and the sum of the first column.
pub(crate) async fn sql_count(Json(sql): Json<Sql>) -> Json<Any> {
    let Ok(connection) = Connection::open(&sql.database).await else { return Json(Any::Null) };
    let (mut count, mut sum) = (0_u64, 0_i64);
    for (statement, values) in sql.statements {
        let Ok(mut result) = connection.execute(&statement, parameters(values)).await else {
            return Json(Any::Null);
        };
        while let Some(row) = result.next().await {
            count += 1;
            sum += row.get::<i64>(0).unwrap_or_default();
        }
        if let Err(error) = result.result().await {
            return Json(failed("result", &error));
        }
    }
    Json(json!({ "count": count, "sum": sum }))
}

/// Reads one row and forgets the rest.
pub(crate) async fn sql_unread(Json(sql): Json<Sql>) -> Json<Any> {
    let Ok(connection) = Connection::open(&sql.database).await else { return Json(Any::Null) };
    let mut first = Any::Null;
    for (statement, values) in sql.statements {
        let Ok(mut result) = connection.execute(&statement, parameters(values)).await else {
            return Json(Any::Null);
        };
        first = result.next().await.map_or(Any::Null, row);
    }
    Json(first)
}

#[derive(Deserialize)]
pub(crate) struct KeyValue {
    #[serde(default = "default")]
    store: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    Get(String),
    Set(String, String),
    Delete(String),
    Exists(String),
    Keys,
    CountKeys,
    Fill(u32),
}

pub(crate) async fn key_value(Json(request): Json<KeyValue>) -> Json<Any> {
    let store = match Store::open(&request.store).await {
        Ok(store) => store,
        Err(error) => return Json(format!("{error:?}").into()),
    };
    let mut answers = Vec::new();
    for step in request.steps {
        answers.push(match run(&store, step).await {
            Ok(answer) => answer,
            Err(error) => format!("{error:?}").into(),
        });
    }
    Json(answers.into())
}

async fn run(store: &Store, step: Step) -> Result<Any, spin_sdk::key_value::Error> {
    Ok(match step {
        Step::Get(key) => match store.get(key).await? {
            Some(bytes) => String::from_utf8_lossy(&bytes).into(),
            None => Any::Null,
        },
        Step::Set(key, value) => {
            store.set(key, value).await?;
            Any::Null
        }
        Step::Delete(key) => {
            store.delete(key).await?;
            Any::Null
        }
        Step::Exists(key) => store.exists(key).await?.into(),
        Step::Keys => {
            let mut keys = store.get_keys().await.collect().await?;
            keys.sort();
            keys.into()
        }
        Step::CountKeys => {
            let mut keys = store.get_keys().await;
            let (mut count, mut bytes) = (0_u64, 0);
            while let Some(key) = keys.next().await {
                count += 1;
                bytes += key.len();
            }
            keys.result().await?;
            json!([count, bytes])
        }
        Step::Fill(count) => {
            for number in 0..count {
                store.set(format!("key-{number:06}"), "x").await?;
            }
            Any::Null
        }
    })
}
