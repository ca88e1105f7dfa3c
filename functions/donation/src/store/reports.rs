use chrono::{DateTime, Utc};
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Statement, StoreError, Value, stem},
};

use crate::wire::{Outcome, ReportKind, ReportsQuery};

const MAKE: Statement = sql!("make_report");
const EXPLAIN: Statement = sql!("explain_report");
const LIST: Statement = sql!("list_reports");
const SETTLE: Statement = sql!("settle_report");

/// A report being made.
pub(crate) struct Making<'a> {
    pub(crate) id: &'a str,
    pub(crate) point: &'a str,
    pub(crate) kind: ReportKind,
    /// Sealed.
    pub(crate) note: Option<Vec<u8>>,
    /// A keyed hash of where it comes from.
    pub(crate) caller: &'a str,
    /// Reports of the same caller count from here on …
    pub(crate) since: i64,
    /// … and are as many at most.
    pub(crate) most: u32,
}

/// What stands in the way of a report.
pub(crate) struct Explanation {
    pub(crate) point_is_there: bool,
    pub(crate) was_made: bool,
    /// When the oldest of as many reports as are allowed was made; `None` while there are fewer.
    pub(crate) oldest: Option<i64>,
}

/// A report as it is stored.
pub(crate) struct Stored {
    pub(crate) no: i64,
    pub(crate) id: String,
    pub(crate) kind: ReportKind,
    pub(crate) note: Option<Vec<u8>>,
    pub(crate) created_at: i64,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) answer: Option<String>,
    pub(crate) settled_at: Option<i64>,
    pub(crate) settled_by: Option<String>,
    pub(crate) point_id: String,
    pub(crate) point_name: String,
    pub(crate) division: DivisionCode,
}

/// Makes a report; whether the caller's limit allows it and the point is there.
pub(crate) async fn make(db: &Db, making: &Making<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(making.id),
        Value::from(making.point),
        Value::from(making.kind.word()),
        making.note.clone().map_or(Value::Null, Value::Blob),
        Value::from(making.caller),
        Value::Integer(now.timestamp()),
        Value::Integer(making.since),
        Value::from(making.most),
    ];
    Ok(db.row(&MAKE, parameters).await?.is_some())
}

/// Why a report was not made.
pub(crate) async fn explain(db: &Db, making: &Making<'_>) -> Result<Explanation, StoreError> {
    let parameters = [
        Value::from(making.point),
        Value::from(making.caller),
        Value::Integer(making.since),
        Value::from(making.id),
        Value::Integer(i64::from(making.most) - 1),
    ];
    let row = db.row(&EXPLAIN, parameters).await?;
    row.map_or(Ok(Explanation { point_is_there: false, was_made: false, oldest: None }), |row| {
        Ok(Explanation {
            point_is_there: row.get("point_is_there")?,
            was_made: row.get("was_made")?,
            oldest: row.get("oldest")?,
        })
    })
}

/// Reports of points in the area, or of everywhere without one; of one id where it is given.
pub(crate) async fn list(
    db: &Db,
    (area, id): (Option<&DivisionCode>, Option<&str>),
    query: &ReportsQuery,
) -> Result<Vec<Stored>, StoreError> {
    let parameters = [
        Value::Integer(query.after),
        Value::from(stem(area)),
        Value::from(stem(query.division.as_ref())),
        Value::from(query.status.map(str::to_owned)),
        Value::from(id.map(str::to_owned)),
        Value::Integer(query.limit),
    ];
    let rows = db.rows(&LIST, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(Stored {
                no: row.get("no")?,
                id: row.get("id")?,
                kind: row.word("kind")?,
                note: row.get("note")?,
                created_at: row.get("created_at")?,
                outcome: row.get::<Option<String>>("outcome")?.map(|_| row.word("outcome")).transpose()?,
                answer: row.get("answer")?,
                settled_at: row.get("settled_at")?,
                settled_by: row.get("settled_by")?,
                point_id: row.get("point_id")?,
                point_name: row.get("point_name")?,
                division: row.word("division_code")?,
            })
        })
        .collect()
}

/// Settles an open report; whether it was open.
pub(crate) async fn settle(
    db: &Db,
    id: &str,
    (outcome, answer): (Outcome, Option<String>),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(id),
        Value::from(outcome.word()),
        Value::from(answer),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    Ok(db.row(&SETTLE, parameters).await?.is_some())
}
