//! How often which care level is searched for where: anonymous, counted in the instance and brought to the store now and
//! then, so that a search stays a read.
//!
//! An instance that ends takes up to ten seconds of counts with it: they are an estimate for planning, and say so.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use shared::{calendar, divisions::DivisionCode, store::Db};

use crate::{domain::CareLevel, store};

/// How long counts are kept back, in seconds.
const KEPT_S: i64 = 10;

/// Searches that were not counted in the store yet.
#[derive(Default)]
pub(crate) struct Demand(Mutex<Pending>);

#[derive(Default)]
struct Pending {
    brought_at: i64,
    /// Searches, and those without a vacancy, by day, district and care level.
    counts: BTreeMap<Key, (i64, i64)>,
}

/// Day, district and care level.
type Key = (i64, String, CareLevel);

impl Demand {
    /// Counts a search.
    pub(crate) fn count(
        &self,
        (level, district, has_vacancy): (CareLevel, Option<DivisionCode>, bool),
        now: DateTime<Utc>,
    ) {
        let day = calendar::day_number(calendar::day_of(now));
        let district = district.map_or_else(String::new, |district| district.district().to_string());
        self.add([((day, district, level), (1, i64::from(!has_vacancy)))]);
    }

    /// Brings the counts to the store, if they have been kept back for long.
    pub(crate) async fn bring(&self, db: &Db, now: DateTime<Utc>) {
        let due = {
            let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if pending.counts.is_empty() || now.timestamp() < pending.brought_at + KEPT_S {
                return;
            }
            pending.brought_at = now.timestamp();
            std::mem::take(&mut pending.counts)
        };
        let counts: Vec<_> = due
            .iter()
            .map(|((day, district, level), (searches, without))| {
                (*day, district, *level, *searches, *without)
            })
            .collect();
        if let Err(error) = store::stats::add_demand(db, &counts).await {
            // A search is answered whether or not it was counted; the counts wait for another time.
            eprintln!("{}", serde_json::json!({"level": "warn", "message": error.to_string()}));
            self.add(due);
        }
    }

    fn add(&self, counts: impl IntoIterator<Item = (Key, (i64, i64))>) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, (searches, without)) in counts {
            let known = pending.counts.entry(key).or_default();
            known.0 += searches;
            known.1 += without;
        }
    }
}
