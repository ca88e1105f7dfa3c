use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    geo::Position,
    map::{Group, cell_of},
    sql,
    store::{Db, Row, Statement, StoreError, Value},
    width::narrow,
};

use crate::{
    domain::{Block, Detail, Facts, NewEntry, NewOpportunity, NewShift, OpportunityStatus, Shift},
    wire::Head,
};

const DRAFT: Statement = sql!("draft_opportunity");
const CHANGE: Statement = sql!("change_opportunity");
const PUBLISH: Statement = sql!("publish_opportunity");
const CLOSE: Statement = sql!("close_opportunity");
const CLOSE_PAST: Statement = sql!("close_past_opportunities");
const ADD_SHIFTS: Statement = sql!("add_shifts");
const CANCEL_SHIFT: Statement = sql!("cancel_shift");
const READ: Statement = sql!("read_opportunity");
const READ_OF_SHIFT: Statement = sql!("read_opportunity_of_shift");
const LIST: Statement = sql!("list_opportunities");
const READ_GROUP: Statement = sql!("read_group");

/// An opportunity as the view `opportunity_card` gives it.
#[derive(Deserialize)]
struct Card {
    no: i64,
    id: String,
    organisation: String,
    organisation_name: String,
    organisation_division: DivisionCode,
    status: OpportunityStatus,
    division_code: DivisionCode,
    lat: f64,
    lon: f64,
    cell: String,
    detail: Detail,
    sample: u8,
    shifts: Vec<Shift>,
}

/// An opportunity as it is stored.
pub(crate) struct Stored {
    /// Its number: the order in which they came.
    pub(crate) no: i64,
    pub(crate) head: Head,
    pub(crate) status: OpportunityStatus,
    /// Where its organisation is.
    pub(crate) organisation_division: DivisionCode,
    /// In the order of time.
    pub(crate) shifts: Vec<Shift>,
    cell: String,
}

impl From<Card> for Stored {
    fn from(card: Card) -> Self {
        let head = Head {
            id: card.id,
            organisation_id: card.organisation,
            organisation_name: card.organisation_name,
            division_code: card.division_code,
            location: Position { lat: card.lat, lon: card.lon },
            sample: card.sample != 0,
            detail: card.detail,
        };
        Self {
            no: card.no,
            head,
            status: card.status,
            organisation_division: card.organisation_division,
            shifts: card.shifts,
            cell: card.cell,
        }
    }
}

impl Stored {
    /// What a search looks at; `youngest` is the least age of all volunteers.
    pub(crate) fn facts(&self, youngest: u32) -> Facts {
        Facts::of((self.head.division_code, self.head.location), &self.head.detail, youngest)
    }

    /// The shift with this id.
    pub(crate) fn shift(&self, id: &str) -> Option<&Shift> {
        self.shifts.iter().find(|shift| shift.id.as_str() == id)
    }

    fn entry(self, youngest: u32) -> Result<NewEntry, serde_json::Error> {
        let (head, detail) = (&self.head, &self.head.detail);
        let words = [&detail.title, &head.organisation_name, &detail.description, &detail.address];
        Ok(NewEntry {
            id: head.id.clone(),
            words: narrow(&words.map(String::as_str).join("\n")),
            head: serde_json::to_string(head)?,
            facts: self.facts(youngest),
            cell: self.cell,
            parts: self.shifts,
        })
    }
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    row.json::<Card>("card").map(Stored::from)
}

/// Makes a draft of an organisation whose division is still this; whether it was made.
pub(crate) async fn draft(
    db: &Db,
    (id, opportunity): (&str, &NewOpportunity),
    division: &DivisionCode,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(id),
        Value::from(opportunity.organisation.as_str()),
        Value::from(opportunity.division.as_str()),
        Value::Real(opportunity.location.lat),
        Value::Real(opportunity.location.lon),
        Value::Text(cell_of(opportunity.location)),
        DRAFT.json(&opportunity.detail)?,
        Value::Integer(i64::from(opportunity.sample)),
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::from(division.as_str()),
    ];
    Ok(db.row(&DRAFT, parameters).await?.is_some())
}

/// Changes a draft; whether it still was one.
pub(crate) async fn change(
    db: &Db,
    (id, opportunity): (&str, &NewOpportunity),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(id),
        Value::from(opportunity.division.as_str()),
        Value::Real(opportunity.location.lat),
        Value::Real(opportunity.location.lon),
        Value::Text(cell_of(opportunity.location)),
        CHANGE.json(&opportunity.detail)?,
        Value::Integer(i64::from(opportunity.sample)),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    Ok(db.row(&CHANGE, parameters).await?.is_some())
}

/// Publishes a draft with a shift to come, and, where it has to be, insured; whether that was done.
pub(crate) async fn publish(
    db: &Db,
    id: &str,
    must_be_insured: bool,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(id),
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::Integer(i64::from(must_be_insured)),
    ];
    Ok(db.row(&PUBLISH, parameters).await?.is_some())
}

/// Closes an opportunity; whether it was open.
pub(crate) async fn close(db: &Db, id: &str, now: DateTime<Utc>, actor: &str) -> Result<bool, StoreError> {
    let parameters = [Value::from(id), Value::Integer(now.timestamp()), Value::from(actor)];
    Ok(db.row(&CLOSE, parameters).await?.is_some())
}

/// Closes those whose last shift ended before an instant, some hundred at a time.
pub(crate) async fn close_past(db: &Db, before: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    db.rows(&CLOSE_PAST, [now.timestamp(), before].map(Value::Integer)).await.map(drop)
}

/// Adds shifts to an opportunity that isn't closed and, where it has to be, insured so long; whether they were added.
pub(crate) async fn add_shifts(
    db: &Db,
    id: &str,
    (shifts, must_be_insured): (&[(String, NewShift)], bool),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let rows: Vec<_> = shifts
        .iter()
        .map(|(id, shift)| (id, shift.starts_at, shift.ends_at, shift.capacity, shift.waitlist_capacity))
        .collect();
    let parameters = [
        Value::from(id),
        ADD_SHIFTS.json(&rows)?,
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::Integer(i64::from(must_be_insured)),
    ];
    Ok(!db.rows(&ADD_SHIFTS, parameters).await?.is_empty())
}

/// Cancels a shift that is still to come; whether it was.
pub(crate) async fn cancel_shift(
    db: &Db,
    id: &str,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [Value::from(id), Value::Integer(now.timestamp()), Value::from(actor)];
    Ok(db.row(&CANCEL_SHIFT, parameters).await?.is_some())
}

pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(id)]).await?.as_ref().map(stored).transpose()
}

/// The opportunity that a shift belongs to.
pub(crate) async fn of_shift(db: &Db, shift: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ_OF_SHIFT, [Value::from(shift)]).await?.as_ref().map(stored).transpose()
}

/// What an organisation offers or offered, by age.
pub(crate) async fn list(
    db: &Db,
    (organisation, status): (&str, Option<OpportunityStatus>),
    (after, limit): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    let parameters = [
        Value::from(organisation),
        Value::from(status.map_or("", OpportunityStatus::word)),
        Value::Integer(after),
        Value::Integer(limit),
    ];
    db.rows(&LIST, parameters).await?.iter().map(stored).collect()
}

/// The opportunities of a group; `youngest` is the least age of all volunteers.
pub(crate) async fn group(db: &Db, group: &Group, youngest: u32) -> Result<Block, StoreError> {
    let parameters = [Value::from(group.prefix.as_str()), Value::Text(group.end())];
    let Some(row) = db.row(&READ_GROUP, parameters).await? else { return Ok(Block::new(0, Vec::new())) };
    let cards: Vec<Card> = row.json("cards")?;
    let entries = cards.into_iter().map(|card| Stored::from(card).entry(youngest)).collect::<Result<_, _>>();
    Ok(Block::new(row.get("version")?, entries.map_err(|error| READ_GROUP.unfit(&error))?))
}
