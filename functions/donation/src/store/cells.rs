use std::collections::HashSet;

use shared::{
    divisions::DivisionCode,
    geo::BoundingBox,
    sql,
    store::{Db, Statement, StoreError, Value},
};

use super::{points::Card, stem};
use crate::domain::{Block, Group};

const READ_CELLS: Statement = sql!("read_cells");
const READ_GROUP: Statement = sql!("read_group");
const FIND_MATCHES: Statement = sql!("find_matches");
const FIND_MATCHES_IN_CELLS: Statement = sql!("find_matches_in_cells");

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
    let points = points
        .map_err(|error| StoreError::Failed { statement: READ_GROUP.name, reason: error.to_string() })?;
    Ok(Block::new(row.get("version")?, points))
}

/// Cell and id of points whose words match, at most `limit`.
pub(crate) async fn matches(
    db: &Db,
    expression: &str,
    (division, bounds): (Option<&DivisionCode>, BoundingBox),
    limit: u32,
) -> Result<Vec<(String, String)>, StoreError> {
    let parameters = [
        Value::from(expression),
        Value::from(stem(division)),
        Value::Real(bounds.south),
        Value::Real(bounds.north),
        Value::Real(bounds.west),
        Value::Real(bounds.east),
        Value::from(limit),
    ];
    db.row(&FIND_MATCHES, parameters).await?.map_or_else(|| Ok(Vec::new()), |row| row.json("matches"))
}

/// Ids of points of a group whose words match.
pub(crate) async fn matches_in(
    db: &Db,
    expression: &str,
    group: &Group,
) -> Result<HashSet<String>, StoreError> {
    let parameters = [Value::from(expression), Value::from(group.prefix.as_str()), Value::Text(group.end())];
    let row = db.row(&FIND_MATCHES_IN_CELLS, parameters).await?;
    let found: Vec<(String, String)> = row.map_or_else(|| Ok(Vec::new()), |row| row.json("matches"))?;
    Ok(found.into_iter().map(|(_, id)| id).collect())
}
