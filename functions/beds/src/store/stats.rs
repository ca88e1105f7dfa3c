use chrono::NaiveDate;
use shared::{
    calendar, sql,
    store::{Db, Statement, StoreError, Value},
};

use crate::domain::CareLevel;

const ADD_DEMAND: Statement = sql!("add_demand");
const READ_DEMAND: Statement = sql!("read_demand");
const COUNT_WAITING: Statement = sql!("count_waiting");

/// Adds counts of searches: day, district, care level, searches, and those without a vacancy.
pub(crate) async fn add_demand(
    db: &Db,
    counts: &[(i64, &String, CareLevel, i64, i64)],
) -> Result<(), StoreError> {
    db.rows(&ADD_DEMAND, [ADD_DEMAND.json(counts)?]).await.map(drop)
}

/// Searches of one district and care level.
pub(crate) struct Demand {
    pub(crate) district: String,
    pub(crate) care_level: i64,
    pub(crate) searches: i64,
    pub(crate) without_vacancy: i64,
}

/// The searches of a stretch of days, both included.
pub(crate) async fn demand(db: &Db, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<Demand>, StoreError> {
    let days = [Value::Integer(calendar::day_number(from)), Value::Integer(calendar::day_number(to))];
    let rows = db.rows(&READ_DEMAND, days).await?;
    rows.iter()
        .map(|row| {
            Ok(Demand {
                district: row.get("district")?,
                care_level: row.get("care_level")?,
                searches: row.get("searches")?,
                without_vacancy: row.get("without_vacancy")?,
            })
        })
        .collect()
}

/// People who wait, of one district and care level.
pub(crate) struct Waiting {
    pub(crate) district: String,
    pub(crate) care_level: i64,
    pub(crate) count: i64,
}

pub(crate) async fn waiting(db: &Db) -> Result<Vec<Waiting>, StoreError> {
    let rows = db.rows(&COUNT_WAITING, []).await?;
    rows.iter()
        .map(|row| {
            Ok(Waiting {
                district: row.get("district")?,
                care_level: row.get("care_level")?,
                count: row.get("waiting")?,
            })
        })
        .collect()
}
