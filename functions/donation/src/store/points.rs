use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    geo::Position,
    map::cell_of,
    opening_hours::OpeningHours,
    problem::{ApiError, ApiResult},
    sql,
    store::{Db, Row, Statement, StoreError, Value, stem},
    table::Intake,
};

use crate::{
    domain::{Item, ItemStatus, NewEntry, PointRow},
    wire::{PointHead, lasting},
};

const PUT: Statement = sql!("put_point");
const READ: Statement = sql!("read_point");
const REMOVE: Statement = sql!("remove_point");
const CONFIRM: Statement = sql!("confirm_point");
const SET_ITEMS: Statement = sql!("set_items");
const LIST_NEEDS: Statement = sql!("list_needs");
const EXPORT: Statement = sql!("export_points");
const COMPARE_IMPORT: Statement = sql!("compare_import");

/// How a file is taken in.
pub(crate) const INTAKE: Intake =
    Intake { stage: sql!("stage_rows"), import: sql!("import_points"), read: sql!("read_import") };

const TOUCH: Statement = sql!("touch");

/// A point as the view `point_card` gives it.
#[derive(Deserialize)]
pub(super) struct Card {
    id: String,
    name: String,
    operator: String,
    division_code: DivisionCode,
    address: String,
    lat: f64,
    lon: f64,
    phone: String,
    hours: OpeningHours,
    items: Vec<ItemStatus>,
    sample: u8,
    confirmed_at: i64,
    cell: String,
    removed_at: Option<i64>,
}

/// A point as it is stored.
pub(crate) struct Stored {
    pub(crate) head: PointHead,
    pub(crate) items: Vec<ItemStatus>,
    pub(crate) confirmed_at: i64,
    pub(crate) is_removed: bool,
}

impl Card {
    pub(super) fn stored(self) -> Stored {
        let head = PointHead {
            id: self.id,
            name: self.name,
            operator: self.operator,
            division_code: self.division_code,
            address: self.address,
            location: Position { lat: self.lat, lon: self.lon },
            phone: self.phone,
            hours: self.hours,
            sample: self.sample != 0,
        };
        let is_removed = self.removed_at.is_some();
        Stored { head, items: self.items, confirmed_at: self.confirmed_at, is_removed }
    }

    /// The point on its way into a block.
    pub(super) fn entry(self) -> Result<NewEntry, serde_json::Error> {
        let cell = self.cell.clone();
        let Stored { head, items, confirmed_at, .. } = self.stored();
        let (hours_json, text) = lasting(&head, &items, confirmed_at)?;
        Ok(NewEntry {
            cell,
            id: head.id,
            location: head.location,
            division: head.division_code,
            hours: head.hours,
            hours_json,
            items,
            confirmed_at,
            head: text,
        })
    }
}

pub(super) fn stored(row: &Row) -> Result<Stored, StoreError> {
    row.json::<Card>("point").map(Card::stored)
}

/// The point, also one that was removed.
pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(id)]).await?.as_ref().map(stored).transpose()
}

/// Adds a point, or changes one whose division is still `division`; whether that was done.
pub(crate) async fn put(
    db: &Db,
    point: &PointRow,
    (words, division): (String, &DivisionCode),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(point.id.as_str()),
        Value::from(point.name.as_str()),
        Value::from(point.operator.as_str()),
        Value::from(point.division_code.as_str()),
        Value::from(point.address.as_str()),
        Value::Real(point.location.lat),
        Value::Real(point.location.lon),
        Value::from(point.phone.as_str()),
        PUT.json(point.hours.as_ref())?,
        point.items.as_ref().map_or(Ok(Value::Null), |items| PUT.json(items))?,
        Value::Integer(i64::from(point.sample)),
        Value::Text(cell_of(point.location)),
        Value::Text(words),
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::from(division.as_str()),
    ];
    Ok(db.row(&PUT, parameters).await?.is_some())
}

/// Removes a point whose division is still `division`; whether it was there.
pub(crate) async fn remove(
    db: &Db,
    (id, division): (&str, &DivisionCode),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    touch_row(db, &REMOVE, (id, division), now, actor).await
}

/// Notes that a point whose division is still `division` is as it says; whether it was there.
pub(crate) async fn confirm(
    db: &Db,
    (id, division): (&str, &DivisionCode),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    touch_row(db, &CONFIRM, (id, division), now, actor).await
}

async fn touch_row(
    db: &Db,
    statement: &Statement,
    (id, division): (&str, &DivisionCode),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(id),
        Value::from(division.as_str()),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    Ok(db.row(statement, parameters).await?.is_some())
}

/// Sets the given items of a point whose division is still `division`; whether it was there.
pub(crate) async fn set_items(
    db: &Db,
    (id, division): (&str, &DivisionCode),
    items: &[ItemStatus],
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(id),
        Value::from(division.as_str()),
        SET_ITEMS.json(items)?,
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    Ok(db.row(&SET_ITEMS, parameters).await?.is_some())
}

/// Points that urgently need something, by id.
pub(crate) async fn needs(
    db: &Db,
    (after, limit): (&str, i64),
    (division, item): (Option<&DivisionCode>, Option<Item>),
    now: i64,
) -> Result<Vec<Stored>, StoreError> {
    let parameters = [
        Value::from(after),
        Value::from(stem(division)),
        Value::Integer(now),
        Value::from(item.map(|item| item.word().to_owned())),
        Value::Integer(limit),
    ];
    db.rows(&LIST_NEEDS, parameters).await?.iter().map(stored).collect()
}

/// Points of an area and a division, by id.
pub(crate) async fn export(
    db: &Db,
    (after, limit): (&str, i64),
    (area, division): (&DivisionCode, Option<&DivisionCode>),
) -> Result<Vec<Stored>, StoreError> {
    let parameters =
        [Value::from(after), Value::from(area.stem()), Value::from(stem(division)), Value::Integer(limit)];
    db.rows(&EXPORT, parameters).await?.iter().map(stored).collect()
}

/// What the store knows of the ids of a file.
pub(crate) struct Known {
    /// How many are points of the area.
    pub(crate) updated: i64,
    /// How many of those were removed.
    pub(crate) restored: i64,
    /// Those that are points outside the area.
    pub(crate) outside: HashSet<String>,
}

/// What is known of the ids in a JSON array.
pub(crate) async fn compare(db: &Db, ids: &str, area: &DivisionCode) -> ApiResult<Known> {
    let row = db.row(&COMPARE_IMPORT, [Value::from(ids), Value::from(area.stem())]).await?;
    let row = row.ok_or_else(|| ApiError::internal("a count came without a row"))?;
    Ok(Known { updated: row.get("updated")?, restored: row.get("restored")?, outside: row.json("outside")? })
}

pub(crate) async fn touch(db: &Db) -> Result<(), StoreError> {
    db.rows(&TOUCH, []).await.map(drop)
}
