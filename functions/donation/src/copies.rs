//! The read model of searches: groups of cells, copied from SQL into the key-value store and, of those in use, into the
//! instance.
//!
//! # Design
//! Every request asks SQL once which cells changed since this instance last looked: usually none. So a copy that is older
//! than its cells is noticed by the next request, wherever it lies, and read anew; a lost key-value store is rebuilt. A
//! copy and its version are read in one statement, so that a copy is never newer than it says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use shared::{
    problem::{ApiError, ApiResult},
    store::Db,
};
use spin_sdk::key_value::Store;

use crate::{
    domain::{Block, Directory, Group, Groups},
    store,
};

/// How many bytes of points an instance keeps: a hundred thousand points, and less than half of its memory.
const KEPT_BYTES: usize = 56 << 20;

/// The copies an instance can reach.
pub(crate) struct Copies {
    store: Store,
    map: Mutex<Map>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Map {
    directory: Directory,
    groups: Arc<Groups>,
}

struct Kept {
    blocks: LruCache<String, Arc<Block>>,
    bytes: usize,
}

impl Copies {
    pub(crate) fn new(store: Store) -> Self {
        let kept = Kept { blocks: LruCache::unbounded(), bytes: 0 };
        Self { store, map: Mutex::default(), kept: Mutex::new(kept) }
    }

    /// Whether the key-value store answers.
    pub(crate) async fn touch(&self) -> ApiResult<()> {
        self.store.exists("touch").await.map(drop).map_err(ApiError::unavailable)
    }

    /// The groups as they are now.
    pub(crate) async fn groups(&self, db: &Db) -> ApiResult<Arc<Groups>> {
        let seen = lock(&self.map).directory.version();
        let (version, changed) = store::cells::changed_since(db, seen).await?;
        let mut map = lock(&self.map);
        if !changed.is_empty() {
            map.directory.apply(version, changed);
            map.groups = map.directory.groups().into();
        }
        Ok(map.groups.clone())
    }

    /// The points of a group, at least as new as its version.
    pub(crate) async fn block(&self, db: &Db, group: &Group) -> ApiResult<Arc<Block>> {
        if let Some(block) = lock(&self.kept).blocks.get(&group.prefix)
            && block.version >= group.version
        {
            return Ok(block.clone());
        }
        let block = Arc::new(match self.copied(group).await {
            Some(block) => block,
            None => self.copy(db, group).await?,
        });
        lock(&self.kept).keep(&group.prefix, &block);
        Ok(block)
    }

    async fn copied(&self, group: &Group) -> Option<Block> {
        let bytes = self.store.get(key(group)).await.unwrap_or_else(|error| {
            warn(group, &error.to_string());
            None
        });
        Block::from_bytes(&bytes?).filter(|block| block.version >= group.version)
    }

    async fn copy(&self, db: &Db, group: &Group) -> ApiResult<Block> {
        let block = store::cells::read(db, group).await?;
        let bytes = block.to_bytes().map_err(ApiError::internal)?;
        if let Err(error) = self.store.set(key(group), &bytes).await {
            // The truth answers; the next reader tries again.
            warn(group, &error.to_string());
        }
        Ok(block)
    }
}

impl Kept {
    fn keep(&mut self, prefix: &str, block: &Arc<Block>) {
        self.bytes += block.bytes();
        if let Some((_, before)) = self.blocks.push(prefix.to_owned(), block.clone()) {
            self.bytes -= before.bytes();
        }
        while self.bytes > KEPT_BYTES && self.blocks.len() > 1 {
            let Some((_, oldest)) = self.blocks.pop_lru() else { break };
            self.bytes -= oldest.bytes();
        }
    }
}

fn key(group: &Group) -> String {
    format!("points/{}", group.prefix)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn warn(group: &Group, message: &str) {
    eprintln!("{}", serde_json::json!({"level": "warn", "model": group.prefix, "message": message}));
}
