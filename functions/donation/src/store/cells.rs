use std::collections::{BTreeSet, HashSet};

use shared::{
    divisions::DivisionCode,
    geo::BoundingBox,
    map::Group,
    sql,
    store::{Db, Statement, StoreError, Value, stem},
};

use super::points::Card;
use crate::domain::Block;

const READ_GROUP: Statement = sql!("read_group");
const FIND_MATCHES: Statement = sql!("find_matches");

/// The points of a group.
pub(crate) async fn read(db: &Db, group: &Group) -> Result<Block, StoreError> {
    let parameters = [Value::from(group.prefix.as_str()), Value::Text(group.end())];
    let row = db.row(&READ_GROUP, parameters).await?;
    let Some(row) = row else { return Ok(Block::new(0, Vec::new())) };
    let cards: Vec<Card> = row.json("points")?;
    let points = cards.into_iter().map(Card::entry).collect::<Result<Vec<_>, _>>();
    let points = points.map_err(|error| READ_GROUP.unfit(&error))?;
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
