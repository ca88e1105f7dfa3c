//! The copies that searches read: an app that was walked over before has left all of them.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
};

use rusqlite::types::Value;
use shared::{
    copies::Block,
    map::{Directory, Group, Groups},
    problem::{ApiError, ApiResult},
};

use super::{Readers, lock};

const READ_CELLS: &str = include_str!("../../../../shared/sql/read_cells.sql");
const READ_COPY: &str = "SELECT value FROM spin_key_value WHERE store = ?1 AND key = ?2";

/// The copies of one function, and every block that was ever read.
pub(super) struct Copies<B> {
    store: &'static str,
    truth: Readers,
    copies: Readers,
    map: Mutex<(Directory, Arc<Groups>)>,
    kept: Mutex<HashMap<String, Arc<B>>>,
}

impl<B: Block> Copies<B> {
    pub(super) fn of(store: &'static str, database: &Path, key_values: &Path) -> Self {
        Self {
            store,
            truth: Readers::of(database),
            copies: Readers::of(key_values),
            map: Mutex::default(),
            kept: Mutex::default(),
        }
    }

    pub(super) fn groups(&self) -> ApiResult<Arc<Groups>> {
        let seen = lock(&self.map).0.version();
        let row = self.truth.first_row(READ_CELLS, vec![seen.into()]).map_err(ApiError::internal)?;
        let mut map = lock(&self.map);
        if let Some([Value::Integer(version), Value::Text(changed)]) = row.as_deref()
            && *version > seen
        {
            map.0.apply(*version, serde_json::from_str(changed).map_err(ApiError::internal)?);
            map.1 = map.0.groups().into();
        }
        Ok(map.1.clone())
    }

    pub(super) fn block(&self, group: &Group) -> ApiResult<Arc<B>> {
        if let Some(block) = lock(&self.kept).get(&group.prefix)
            && block.version() >= group.version
        {
            return Ok(block.clone());
        }
        let parameters = vec![self.store.to_owned().into(), B::key(group).into()];
        let row = self.copies.first_row(READ_COPY, parameters).map_err(ApiError::internal)?;
        let Some([Value::Blob(bytes)]) = row.as_deref() else {
            return Err(ApiError::internal("the app left no copy of a group"));
        };
        let block = B::from_copy(bytes).filter(|block| block.version() >= group.version);
        let block = Arc::new(block.ok_or_else(|| ApiError::internal("no copy of a group as it is now"))?);
        lock(&self.kept).insert(group.prefix.clone(), block.clone());
        Ok(block)
    }
}
