use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    geo::Position,
    map::{Group, cell_of},
    sql,
    store::{Db, Row, Statement, StoreError, Value, stem},
    table::Intake,
    width::narrow,
};

use crate::{
    domain::{
        Block, CareLevels, Counts, Feature, Features, Home, HomeFacts, NewEntry, Ownership, Room, RoomType,
    },
    wire::Head,
};

const PUT: Statement = sql!("put_institution");
const REMOVE: Statement = sql!("remove_institution");
const READ: Statement = sql!("read_institution");
const SET_COUNTS: Statement = sql!("set_counts");
const READ_COUNTS: Statement = sql!("read_counts");
const READ_GROUP: Statement = sql!("read_group");
const EXPORT: Statement = sql!("export_institutions");
const COMPARE_IMPORT: Statement = sql!("compare_import");

/// How a file is taken in.
pub(crate) const INTAKE: Intake =
    Intake { stage: sql!("stage_rows"), import: sql!("import_institutions"), read: sql!("read_import") };

const SUMMARIZE: Statement = sql!("summarize");
const TOUCH: Statement = sql!("touch");

/// An institution as the view `institution_card` gives it.
#[derive(Deserialize)]
struct Card {
    id: String,
    name: String,
    operator: String,
    division_code: DivisionCode,
    address: String,
    lat: f64,
    lon: f64,
    phone: String,
    ownership: Ownership,
    features: Vec<Feature>,
    sample: u8,
    cell: String,
    removed_at: Option<i64>,
    rooms: Vec<RoomRow>,
}

#[derive(Deserialize)]
struct RoomRow {
    room_type: RoomType,
    care_levels: CareLevels,
    monthly_fen: i64,
    #[serde(flatten)]
    counts: Counts,
}

/// An institution as it is stored.
pub(crate) struct Stored {
    pub(crate) head: Head,
    pub(crate) rooms: Vec<Room>,
    pub(crate) is_removed: bool,
    cell: String,
}

impl Card {
    fn stored(self) -> Stored {
        let rooms = self.rooms.into_iter().map(|room| Room {
            room_type: room.room_type,
            care_levels: room.care_levels,
            monthly_fen: room.monthly_fen,
            counts: room.counts,
        });
        let mut rooms: Vec<Room> = rooms.collect();
        rooms.sort_unstable_by_key(|room| room.room_type);
        let head = Head {
            id: self.id,
            name: self.name,
            operator: self.operator,
            division_code: self.division_code,
            address: self.address,
            location: Position { lat: self.lat, lon: self.lon },
            phone: self.phone,
            ownership: self.ownership,
            features: self.features,
            sample: self.sample != 0,
        };
        Stored { head, rooms, is_removed: self.removed_at.is_some(), cell: self.cell }
    }
}

impl Stored {
    /// The institution on its way into a block.
    pub(crate) fn entry(&self) -> Result<NewEntry, serde_json::Error> {
        let head = &self.head;
        Ok(NewEntry {
            cell: self.cell.clone(),
            id: head.id.clone(),
            words: narrow(&format!("{}\n{}\n{}", head.name, head.operator, head.address)),
            head: serde_json::to_string(head)?,
            facts: HomeFacts {
                location: head.location,
                division: head.division_code,
                ownership: head.ownership,
                features: Features::new(&head.features),
            },
            parts: self.rooms.clone(),
        })
    }
}

pub(super) fn stored(row: &Row) -> Result<Stored, StoreError> {
    row.json::<Card>("card").map(Card::stored)
}

/// The institution, also one that was removed.
pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(id)]).await?.as_ref().map(stored).transpose()
}

/// Adds an institution, or changes one whose division is still `division`; whether that was done: not where a room would
/// go that is in use, nor where it was removed and the caller may set none up.
pub(crate) async fn put(
    db: &Db,
    home: &Home,
    (division, may_set_up): (&DivisionCode, bool),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(home.id.as_str()),
        Value::from(home.name.as_str()),
        Value::from(home.operator.as_str()),
        Value::from(home.division_code.as_str()),
        Value::from(home.address.as_str()),
        Value::Real(home.location.lat),
        Value::Real(home.location.lon),
        Value::from(home.phone.as_str()),
        Value::from(home.ownership.word()),
        PUT.json(&home.features)?,
        PUT.json(&home.rooms)?,
        Value::Integer(i64::from(home.sample)),
        Value::Text(cell_of(home.location)),
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::from(division.as_str()),
        Value::Integer(i64::from(may_set_up)),
    ];
    Ok(db.row(&PUT, parameters).await?.is_some())
}

/// Removes an institution whose division is still `division` and of which no room is in use; whether it did.
pub(crate) async fn remove(
    db: &Db,
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
    Ok(db.row(&REMOVE, parameters).await?.is_some())
}

/// The counts of one room type, and the division of its home.
pub(crate) struct StoredCounts {
    pub(crate) counts: Counts,
    pub(crate) division: DivisionCode,
    /// Of the occupied beds those that were given here.
    pub(crate) placed: i64,
}

pub(crate) async fn counts(
    db: &Db,
    institution: &str,
    room_type: RoomType,
) -> Result<Option<StoredCounts>, StoreError> {
    let row = db.row(&READ_COUNTS, [Value::from(institution), Value::from(room_type.word())]).await?;
    row.map(|row| {
        Ok(StoredCounts {
            counts: counts_of(&row)?,
            division: row.word("division_code")?,
            placed: row.get("placed")?,
        })
    })
    .transpose()
}

fn counts_of(row: &Row) -> Result<Counts, StoreError> {
    Ok(Counts {
        maximum: row.get("maximum")?,
        occupied: row.get("occupied")?,
        reserved: row.get("reserved")?,
        available: row.get("available")?,
        confirmed_at: row.get("confirmed_at")?,
        updated_at: row.get("updated_at")?,
        version: row.get("version")?,
    })
}

/// Sets the counts of a version, if they are that still and the new ones fit: as they are then.
pub(crate) async fn set_counts(
    db: &Db,
    (institution, room_type, version): (&str, RoomType, i64),
    (maximum, occupied): (i64, i64),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<Option<Counts>, StoreError> {
    let parameters = [
        Value::from(institution),
        Value::from(room_type.word()),
        Value::Integer(version),
        Value::Integer(maximum),
        Value::Integer(occupied),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    db.row(&SET_COUNTS, parameters).await?.as_ref().map(counts_of).transpose()
}

/// The institutions of a group.
pub(crate) async fn group(db: &Db, group: &Group) -> Result<Block, StoreError> {
    let parameters = [Value::from(group.prefix.as_str()), Value::Text(group.end())];
    let row = db.row(&READ_GROUP, parameters).await?;
    let Some(row) = row else { return Ok(Block::new(0, Vec::new())) };
    let cards: Vec<Card> = row.json("cards")?;
    let homes = cards.into_iter().map(|card| card.stored().entry()).collect::<Result<Vec<_>, _>>();
    Ok(Block::new(row.get("version")?, homes.map_err(|error| READ_GROUP.unfit(&error))?))
}

/// Institutions of an area and a division, by id.
pub(crate) async fn export(
    db: &Db,
    (after, limit): (&str, i64),
    (area, division): (&DivisionCode, Option<&DivisionCode>),
) -> Result<Vec<Stored>, StoreError> {
    let parameters =
        [Value::from(after), Value::from(area.stem()), Value::from(stem(division)), Value::Integer(limit)];
    db.rows(&EXPORT, parameters).await?.iter().map(stored).collect()
}

/// What is known of the institutions in a file.
#[derive(Default)]
pub(crate) struct Comparison {
    /// How many of the others there are already.
    pub(crate) known: i64,
    /// Of these: how many had been removed.
    pub(crate) removed: i64,
    /// Those outside of the area.
    pub(crate) outside: HashSet<String>,
    /// Those that would lose a room that is in use.
    pub(crate) in_use: HashSet<String>,
}

/// Compares the institutions in a JSON array `[[id, [room types]], …]` with those that there are.
pub(crate) async fn compare(db: &Db, rows: String, area: &DivisionCode) -> Result<Comparison, StoreError> {
    let row = db.row(&COMPARE_IMPORT, [Value::Text(rows), Value::from(area.stem())]).await?;
    row.map_or_else(
        || Ok(Comparison::default()),
        |row| {
            Ok(Comparison {
                known: row.get("known")?,
                removed: row.get("removed")?,
                outside: row.json("outside")?,
                in_use: row.json("in_use")?,
            })
        },
    )
}

/// The beds of one district.
pub(crate) struct Supply {
    pub(crate) district: DivisionCode,
    pub(crate) institutions: i64,
    pub(crate) maximum: i64,
    pub(crate) occupied: i64,
    pub(crate) reserved: i64,
    pub(crate) available: i64,
    pub(crate) stale: i64,
    pub(crate) confirmed_at: Option<i64>,
}

/// The beds of each district; counts confirmed before `stale_before` are stale.
pub(crate) async fn supply(
    db: &Db,
    stale_before: i64,
    division: Option<&DivisionCode>,
) -> Result<Vec<Supply>, StoreError> {
    let rows = db.rows(&SUMMARIZE, [Value::Integer(stale_before), Value::from(stem(division))]).await?;
    rows.iter()
        .map(|row| {
            Ok(Supply {
                district: row.word("district")?,
                institutions: row.get("institutions")?,
                maximum: row.get("maximum")?,
                occupied: row.get("occupied")?,
                reserved: row.get("reserved")?,
                available: row.get("available")?,
                stale: row.get("stale")?,
                confirmed_at: row.get("confirmed_at")?,
            })
        })
        .collect()
}

pub(crate) async fn touch(db: &Db) -> Result<(), StoreError> {
    db.rows(&TOUCH, []).await.map(drop)
}
