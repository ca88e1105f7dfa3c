use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

use super::points::{self, Stored as Point};
use crate::domain::{Amounts, Decision, Dispatch, Gift, Item, Line, PledgeStatus};

const MAKE: Statement = sql!("make_pledge");
const READ: Statement = sql!("read_pledge");
const LIST: Statement = sql!("list_pledges");
const TAKE_STEP: Statement = sql!("take_step");
const READ_RECEIPT: Statement = sql!("read_receipt");

/// A pledge being made.
pub(crate) struct Making<'a> {
    pub(crate) reference: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) point: &'a str,
    pub(crate) donor: Vec<u8>,
    pub(crate) lines: &'a [Line],
}

/// A pledge as it is stored.
pub(crate) struct Stored {
    pub(crate) no: i64,
    pub(crate) reference: String,
    pub(crate) token_hash: String,
    pub(crate) division: DivisionCode,
    pub(crate) donor: Vec<u8>,
    pub(crate) receipt: Option<String>,
    /// The number of its last step.
    pub(crate) step: i64,
    pub(crate) point: Point,
    pub(crate) gift: Gift,
    pub(crate) steps: Vec<Taken>,
}

impl Stored {
    /// Whether a step with this id was taken.
    pub(crate) fn has_step(&self, id: &str) -> bool {
        self.steps.iter().any(|taken| taken.id == id)
    }
}

/// One step that was taken.
#[derive(Deserialize)]
pub(crate) struct Taken {
    pub(crate) id: String,
    pub(crate) kind: PledgeStatus,
    pub(crate) at: i64,
    pub(crate) by: String,
    pub(crate) place: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) destination: Option<String>,
    pub(crate) destination_division: Option<String>,
    pub(crate) dispatch: Option<String>,
}

#[derive(Deserialize)]
struct ItemRow {
    item: Item,
    pledged: i64,
    received: i64,
    sorted: i64,
    dispatched: i64,
    delivered: i64,
}

/// Makes a pledge; whether the point takes all of it.
pub(crate) async fn make(db: &Db, making: Making<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(making.reference),
        Value::from(making.token_hash),
        Value::from(making.point),
        Value::Blob(making.donor),
        MAKE.json(making.lines)?,
        Value::Integer(now.timestamp()),
    ];
    Ok(db.row(&MAKE, parameters).await?.is_some())
}

pub(crate) async fn read(db: &Db, reference: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(reference)]).await?.as_ref().map(stored).transpose()
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    let steps: Vec<Taken> = row.json("steps")?;
    let items: Vec<ItemRow> = row.json("items")?;
    let amounts: BTreeMap<_, _> = items
        .into_iter()
        .map(|ItemRow { item, pledged, received, sorted, dispatched, delivered }| {
            (item, Amounts { pledged, received, sorted, dispatched, delivered })
        })
        .collect();
    let dispatches = steps.iter().filter(|step| step.kind == PledgeStatus::Dispatched);
    let dispatches = dispatches.map(|sent| Dispatch {
        id: sent.id.clone(),
        lines: sent.lines.clone(),
        arrived: steps.iter().any(|step| step.dispatch.as_ref() == Some(&sent.id)),
    });
    Ok(Stored {
        no: row.get("no")?,
        reference: row.get("reference")?,
        token_hash: row.get("token_hash")?,
        division: row.word("division_code")?,
        donor: row.get("donor")?,
        receipt: row.get("receipt")?,
        step: row.get("step")?,
        point: points::stored(row)?,
        gift: Gift { status: row.word("status")?, amounts, dispatches: dispatches.collect() },
        steps,
    })
}

/// A point's pledges, in order.
pub(crate) async fn list(
    db: &Db,
    point: &str,
    (status, area): (Option<PledgeStatus>, &DivisionCode),
    (after, limit): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    let parameters = [
        Value::from(point),
        Value::from(status.map(|status| status.word().to_owned())),
        Value::from(area.stem()),
        Value::Integer(after),
        Value::Integer(limit),
    ];
    db.rows(&LIST, parameters).await?.iter().map(stored).collect()
}

/// A step being taken.
pub(crate) struct Taking<'a> {
    /// Its own id.
    pub(crate) id: &'a str,
    pub(crate) reference: &'a str,
    /// The number of the step after which it was decided.
    pub(crate) after: i64,
    pub(crate) decision: &'a Decision,
    pub(crate) by: &'a str,
    pub(crate) place: &'a str,
    pub(crate) destination: Option<&'a str>,
    pub(crate) destination_division: Option<&'a DivisionCode>,
    pub(crate) receipt: Option<&'a str>,
}

/// Takes a step; `false` where another one came in between.
pub(crate) async fn take_step(db: &Db, taking: Taking<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let text = |text: Option<&str>| Value::from(text.map(str::to_owned));
    let parameters = [
        Value::from(taking.id),
        Value::from(taking.reference),
        Value::Integer(taking.after),
        Value::from(taking.decision.kind.word()),
        Value::from(taking.decision.status.word()),
        Value::Integer(now.timestamp()),
        Value::from(taking.by),
        Value::from(taking.place),
        TAKE_STEP.json(&taking.decision.lines)?,
        text(taking.destination),
        text(taking.destination_division.map(DivisionCode::as_str)),
        text(taking.decision.dispatch.as_deref()),
        text(taking.receipt),
    ];
    Ok(db.row(&TAKE_STEP, parameters).await?.is_some())
}

/// What a receipt's number stands for.
pub(crate) struct Receipt {
    pub(crate) status: PledgeStatus,
    pub(crate) at: i64,
    pub(crate) point: Point,
    pub(crate) lines: Vec<Line>,
}

pub(crate) async fn receipt(db: &Db, number: &str) -> Result<Option<Receipt>, StoreError> {
    let row = db.row(&READ_RECEIPT, [Value::from(number)]).await?;
    row.map(|row| {
        Ok(Receipt {
            status: row.word("status")?,
            at: row.get("at")?,
            point: points::stored(&row)?,
            lines: row.json("lines")?,
        })
    })
    .transpose()
}
