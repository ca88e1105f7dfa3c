use chrono::{DateTime, Utc};
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Row, Statement, StoreError, Value, stem},
};

use crate::wire::Organisation;

const PUT: Statement = sql!("put_organisation");
const READ: Statement = sql!("read_organisation");
const LIST: Statement = sql!("list_organisations");
const TOUCH: Statement = sql!("touch");

/// Adds an organisation, or changes one whose division is still `division`; whether that was done.
pub(crate) async fn put(
    db: &Db,
    organisation: &Organisation,
    division: &DivisionCode,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(organisation.id.as_str()),
        Value::from(organisation.name.as_str()),
        Value::from(organisation.division_code.as_str()),
        Value::from(organisation.phone.as_str()),
        Value::from(organisation.about.as_str()),
        Value::Integer(i64::from(organisation.sample)),
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::from(division.as_str()),
    ];
    Ok(db.row(&PUT, parameters).await?.is_some())
}

fn organisation(row: &Row) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: row.get("id")?,
        name: row.get("name")?,
        division_code: row.word("division_code")?,
        phone: row.get("phone")?,
        about: row.get("about")?,
        sample: row.get("sample")?,
    })
}

pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Organisation>, StoreError> {
    db.row(&READ, [Value::from(id)]).await?.as_ref().map(organisation).transpose()
}

/// Organisations of a division with this in their name, by id.
pub(crate) async fn list(
    db: &Db,
    (after, limit): (&str, i64),
    (division, text): (Option<&DivisionCode>, &str),
) -> Result<Vec<Organisation>, StoreError> {
    let parameters =
        [Value::from(after), Value::from(stem(division)), Value::from(text), Value::Integer(limit)];
    db.rows(&LIST, parameters).await?.iter().map(organisation).collect()
}

pub(crate) async fn touch(db: &Db) -> Result<(), StoreError> {
    db.rows(&TOUCH, []).await.map(drop)
}
