use std::collections::{BTreeSet, HashSet};

use shared::{
    divisions::DivisionCode,
    geo::BoundingBox,
    sql,
    store::{Db, Statement, StoreError, Value},
};

use super::{points::Card, stem, unfit};
use crate::domain::{Block, Group};

const READ_CELLS: Statement = sql!("read_cells");
const READ_GROUP: Statement = sql!("read_group");
const FIND_MATCHES: Statement = sql!("find_matches");

/// The highest version of all cells, and the cells that changed after `seen`, each with version and number of points.
pub(crate) async fn changed_since(db: &Db, seen: i64) -> Result<(i64, Vec<(String, i64, u32)>), StoreError> {
    let row = db.row(&READ_CELLS, [Value::Integer(seen)]).await?;
    let Some(row) = row else { return Ok((seen, Vec::new())) };
    let version = row.get("version")?;
    Ok((version, if version == seen { Vec::new() } else { row.json("cells")? }))
}

/// The points of a group.
pub(crate) async fn read(db: &Db, group: &Group) -> Result<Block, StoreError> {
    let parameters = [Value::from(group.prefix.as_str()), Value::Text(group.end())];
    let row = db.row(&READ_GROUP, parameters).await?;
    let Some(row) = row else { return Ok(Block::new(0, Vec::new())) };
    let cards: Vec<Card> = row.json("points")?;
    let points = cards.into_iter().map(Card::entry).collect::<Result<Vec<_>, _>>();
    let points = points.map_err(|error| unfit(&READ_GROUP, &error))?;
    Ok(Block::new(row.get("version")?, points))
}

/// Points whose words match, by id, and the cells they lie in.
#[derive(Default)]
pub(crate) struct Matches {
    pub(crate) ids: HashSet<String>,
    pub(crate) cells: BTreeSet<String>,
}

pub(crate) async fn matches(
    db: &Db,
    expression: &str,
    (division, bounds): (Option<&DivisionCode>, BoundingBox),
) -> Result<Matches, StoreError> {
    let parameters = [
        Value::from(expression),
        Value::from(stem(division)),
        Value::Real(bounds.south),
        Value::Real(bounds.north),
        Value::Real(bounds.west),
        Value::Real(bounds.east),
    ];
    let row = db.row(&FIND_MATCHES, parameters).await?;
    row.map_or_else(
        || Ok(Matches::default()),
        |row| Ok(Matches { ids: row.json("ids")?, cells: row.json("cells")? }),
    )
}
