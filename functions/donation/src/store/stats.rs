use chrono::NaiveDate;
use shared::{
    calendar,
    divisions::DivisionCode,
    sql,
    store::{Db, Statement, StoreError, Value, stem},
};

const READ_TALLY: Statement = sql!("read_tally");
const COUNT_POINTS: Statement = sql!("count_points");

/// One count: of a quantity where `item` isn't empty, else of pledges that reached the status `kind`.
pub(crate) struct Count {
    pub(crate) district: String,
    pub(crate) kind: String,
    pub(crate) item: String,
    pub(crate) quantity: i64,
}

/// Counts of the days from `from` to `to`, in an area and a division.
pub(crate) async fn tally(
    db: &Db,
    (from, to): (NaiveDate, NaiveDate),
    (area, division): (Option<&DivisionCode>, Option<&DivisionCode>),
) -> Result<Vec<Count>, StoreError> {
    let day = |day: NaiveDate| Value::Integer(calendar::day_number(day));
    let parameters = [day(from), day(to), Value::from(stem(area)), Value::from(stem(division))];
    let rows = db.rows(&READ_TALLY, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(Count {
                district: row.get("district")?,
                kind: row.get("kind")?,
                item: row.get("item")?,
                quantity: row.get("quantity")?,
            })
        })
        .collect()
}

/// How many points there are in a division.
pub(crate) async fn points(db: &Db, division: Option<&DivisionCode>) -> Result<i64, StoreError> {
    let row = db.row(&COUNT_POINTS, [Value::from(stem(division))]).await?;
    row.map_or(Ok(0), |row| row.get("points"))
}
