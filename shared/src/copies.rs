//! The read model of searches by place: groups of cells, copied from SQL into the key-value store and, of those in use,
//! into the instance.
//!
//! # Design
//! Every request asks SQL once which cells changed since this instance last looked: usually none. So a copy that is older
//! than its cells is noticed by the next request, wherever it lies, and read anew; a lost key-value store is rebuilt. A
//! copy and its version are read in one statement, so that a copy is never newer than it says.

use std::{
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};
use spin_sdk::key_value::Store;

use crate::{
    map::{Directory, Group, Groups},
    problem::{ApiError, ApiResult},
    sql,
    store::{Db, Statement, StoreError, Value},
};

mod kept;

use kept::Kept;

const READ_CELLS: Statement = sql!("read_cells");

/// Where a part of a packed list or text ends, in four bytes; it begins where the one before ends.
#[must_use]
pub fn end_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The place of a part between two such ends.
#[must_use]
#[inline]
pub fn between(from: u32, to: u32) -> Range<usize> {
    let index = |end: u32| usize::try_from(end).unwrap_or(usize::MAX);
    index(from)..index(to)
}

/// What lies in a group of cells, as it is kept and searched.
pub trait Block: Serialize + DeserializeOwned {
    /// What its copies' keys begin with; the key-value store is the function's own.
    const NAME: &'static str;
    /// The number of its layout. Raise it with every change of its fields or of a type in them, of what they mean, and of
    /// what is computed before it is kept: copies of other numbers are never read.
    const FORMAT: u32;

    /// The version of its newest cell when it was read.
    fn version(&self) -> i64;

    /// How many bytes it takes in memory, about.
    fn bytes(&self) -> usize;

    /// The key of a group's copy.
    #[must_use]
    fn key(group: &Group) -> String {
        format!("{}/v{}/{}", Self::NAME, Self::FORMAT, group.prefix)
    }

    /// The copy for the key-value store.
    ///
    /// # Errors
    /// A part has no binary form.
    fn to_copy(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// The block of a copy; `None` where the bytes are no copy.
    #[must_use]
    fn from_copy(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// The copies an instance can reach. The function's migrations include [`MAP`](crate::MAP).
pub struct Copies<B> {
    store: Store,
    map: Mutex<Map>,
    kept: Mutex<Kept<B>>,
}

#[derive(Default)]
struct Map {
    directory: Directory,
    groups: Arc<Groups>,
}

impl<B: Block> Copies<B> {
    /// Over a key-value store; the instance itself keeps blocks of about `budget` bytes.
    #[must_use]
    pub fn new(store: Store, budget: usize) -> Self {
        Self { store, map: Mutex::default(), kept: Mutex::new(Kept::new(budget)) }
    }

    /// Fails where the key-value store doesn't answer.
    ///
    /// # Errors
    /// The key-value store is out of reach.
    pub async fn touch(&self) -> ApiResult<()> {
        self.store.exists("touch").await.map(drop).map_err(ApiError::unavailable)
    }

    /// The groups as they are now.
    ///
    /// # Errors
    /// SQL fails.
    pub async fn groups(&self, db: &Db) -> ApiResult<Arc<Groups>> {
        let seen = lock(&self.map).directory.version();
        let (version, changed) = changed_since(db, seen).await?;
        let mut map = lock(&self.map);
        if !changed.is_empty() {
            map.directory.apply(version, changed);
            map.groups = map.directory.groups().into();
        }
        Ok(map.groups.clone())
    }

    /// What lies in a group, at least as new as its version; `read` asks SQL for it where no copy is.
    ///
    /// # Errors
    /// `read` fails. A key-value store that fails is only logged: the truth answers.
    pub async fn block(
        &self,
        group: &Group,
        read: impl AsyncFnOnce() -> Result<B, StoreError>,
    ) -> ApiResult<Arc<B>> {
        let kept = lock(&self.kept).get(&group.prefix);
        if let Some(block) = kept.filter(|block| block.version() >= group.version) {
            return Ok(block);
        }
        let block = Arc::new(match self.copied(group).await {
            Some(block) => block,
            None => self.copy(group, read().await?).await?,
        });
        lock(&self.kept).keep(&group.prefix, &block);
        Ok(block)
    }

    async fn copied(&self, group: &Group) -> Option<B> {
        let key = B::key(group);
        let bytes = self.store.get(&key).await.unwrap_or_else(|error| {
            warn(&key, &error.to_string());
            None
        });
        B::from_copy(&bytes?).filter(|block| block.version() >= group.version)
    }

    async fn copy(&self, group: &Group, block: B) -> ApiResult<B> {
        let key = B::key(group);
        let bytes = block.to_copy().map_err(ApiError::internal)?;
        if let Err(error) = self.store.set(&key, &bytes).await {
            // The truth answers; the next reader tries again.
            warn(&key, &error.to_string());
        }
        Ok(block)
    }
}

/// The highest version of all cells, and the cells that changed after `seen`, each with version and number of points.
async fn changed_since(db: &Db, seen: i64) -> Result<(i64, Vec<(String, i64, u32)>), StoreError> {
    let row = db.row(&READ_CELLS, [Value::Integer(seen)]).await?;
    let Some(row) = row else { return Ok((seen, Vec::new())) };
    let version = row.get("version")?;
    Ok((version, if version == seen { Vec::new() } else { row.json("cells")? }))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn warn(key: &str, message: &str) {
    eprintln!("{}", serde_json::json!({"level": "warn", "model": key, "message": message}));
}
