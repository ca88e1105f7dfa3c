use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    geo::Position,
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

use crate::{domain::Service, wire::Office};

const PUT: Statement = sql!("put_office");
const LIST: Statement = sql!("list_offices");
const READ: Statement = sql!("read_office");
const TOUCH: Statement = sql!("touch");

/// An office as the view `office_card` gives it.
#[derive(Deserialize)]
struct Card {
    id: String,
    name: String,
    division_code: DivisionCode,
    address: String,
    phone: String,
    lat: f64,
    lon: f64,
    services: Vec<Service>,
    sample: u8,
}

pub(super) fn office(row: &Row) -> Result<Office, StoreError> {
    let card: Card = row.json("office")?;
    Ok(Office {
        id: card.id,
        name: card.name,
        division_code: card.division_code,
        address: card.address,
        phone: card.phone,
        location: Position { lat: card.lat, lon: card.lon },
        services: card.services,
        sample: card.sample != 0,
        distance_m: None,
    })
}

pub(crate) async fn list(db: &Db) -> Result<Vec<Office>, StoreError> {
    db.rows(&LIST, []).await?.iter().map(office).collect()
}

pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Office>, StoreError> {
    db.row(&READ, [Value::from(id)]).await?.as_ref().map(office).transpose()
}

pub(crate) async fn put(db: &Db, office: &Office, now: DateTime<Utc>, actor: &str) -> Result<(), StoreError> {
    let services: Vec<&str> = office.services.iter().map(|service| service.word()).collect();
    let parameters = [
        Value::from(office.id.as_str()),
        Value::from(office.name.as_str()),
        Value::from(office.division_code.as_str()),
        Value::from(office.address.as_str()),
        Value::from(office.phone.as_str()),
        Value::Real(office.location.lat),
        Value::Real(office.location.lon),
        Value::Text(serde_json::json!(services).to_string()),
        Value::Integer(i64::from(office.sample)),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    db.rows(&PUT, parameters).await.map(drop)
}

pub(crate) async fn touch(db: &Db) -> Result<(), StoreError> {
    db.rows(&TOUCH, []).await.map(drop)
}
