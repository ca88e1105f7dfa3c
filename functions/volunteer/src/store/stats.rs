use shared::{
    sql,
    store::{Db, Statement, StoreError, Value},
};

use crate::domain::Field;

const COUNT_VOLUNTEERS: Statement = sql!("count_volunteers");
const SUM_HOURS: Statement = sql!("sum_hours");

/// The volunteers of one district.
pub(crate) struct People {
    pub(crate) district: String,
    pub(crate) registered: i64,
    pub(crate) active: i64,
}

/// By district: who is registered, and who of them served between two instants.
pub(crate) async fn people(db: &Db, (from, to): (i64, i64)) -> Result<Vec<People>, StoreError> {
    let rows = db.rows(&COUNT_VOLUNTEERS, [from, to].map(Value::Integer)).await?;
    rows.iter()
        .map(|row| {
            Ok(People {
                district: row.get("district")?,
                registered: row.get("registered")?,
                active: row.get("active")?,
            })
        })
        .collect()
}

/// The service in one district and field.
pub(crate) struct Served {
    pub(crate) district: String,
    pub(crate) field: Field,
    /// Of the months in which enough people served.
    pub(crate) minutes: Option<i64>,
    pub(crate) volunteers: i64,
}

/// By district and field: minutes that count between two instants, of the months in which at least so many people served.
pub(crate) async fn served(db: &Db, (from, to): (i64, i64), least: u32) -> Result<Vec<Served>, StoreError> {
    let rows = db.rows(&SUM_HOURS, [from, to, i64::from(least)].map(Value::Integer)).await?;
    rows.iter()
        .map(|row| {
            Ok(Served {
                district: row.get("district")?,
                field: row.word("field")?,
                minutes: row.get("minutes")?,
                volunteers: row.get("volunteers")?,
            })
        })
        .collect()
}
