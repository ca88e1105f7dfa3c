//! What follows from a change: offers that run out, and beds that open told to whoever waits to hear of them.
//!
//! # Design
//! A trigger notes an opening in the statement that frees a bed. Whoever made the change looks for subscriptions that it
//! fits; if it fails or dies in between, the next reader who comes by does it. An alert is raised once for each opening
//! and subscription, however many look.

use std::{collections::HashMap, sync::atomic::Ordering};

use chrono::{DateTime, Utc};
use shared::problem::{ApiError, ApiResult};

use crate::{
    app::App,
    domain::{NewEntry, Room},
    store::{self, alerts::Candidate},
    wire::Moment,
};

/// How often readers look for what was left undone, in seconds.
const LOOK_EVERY_S: i64 = 1;
/// How many pairs of an opening and a subscription are looked at in one go, and how often one request does that: a file of
/// twenty thousand homes opens more beds than one request can tell of, and the next ones go on.
const PAIRS: i64 = 25_000;
const ROUNDS: usize = 4;
/// How many openings at most, where there are few subscriptions.
const MOST_OPENINGS: i64 = 2_000;
/// How many offers expire in one go.
const EXPIRED_AT_ONCE: usize = 500;

/// Does what was left undone, if nobody looked within the last second.
pub(super) async fn settle(app: &App, now: DateTime<Utc>) -> ApiResult<()> {
    let seen = app.looked_at.load(Ordering::Relaxed);
    if now.timestamp() < seen + LOOK_EVERY_S {
        return Ok(());
    }
    app.looked_at.store(now.timestamp(), Ordering::Relaxed);
    app.demand.bring(&app.db, now).await;
    settle_now(app, now).await
}

/// Does what was left undone: frees the beds of offers that have run out, and tells of beds that opened.
pub(super) async fn settle_now(app: &App, now: DateTime<Utc>) -> ApiResult<()> {
    let (lapsed, opened) = store::alerts::due(&app.db, now).await?;
    if lapsed {
        expire(app, now).await?;
    }
    if lapsed || opened {
        tell_or_warn(app, now).await;
    }
    Ok(())
}

async fn expire(app: &App, now: DateTime<Utc>) -> ApiResult<()> {
    let setback = app.number("queue_passed_offer_setback", now)?;
    while store::applications::expire(&app.db, setback, now).await? == EXPIRED_AT_ONCE {}
    Ok(())
}

/// Raises the alerts that are due. The change that made them is written: it is answered also where this fails, and the next
/// reader tries again.
pub(super) async fn tell_or_warn(app: &App, now: DateTime<Utc>) {
    if let Err(error) = tell(app, now).await {
        eprintln!("{}", serde_json::json!({"level": "warn", "message": format!("alerts wait: {error:?}")}));
    }
}

async fn tell(app: &App, now: DateTime<Utc>) -> ApiResult<()> {
    let moment = app.moment(now)?;
    let (_, mut live) = store::alerts::last_subscription(&app.db).await?;
    for _ in 0..ROUNDS {
        let at_once = (PAIRS / live.max(1)).clamp(1, MOST_OPENINGS);
        let Some(batch) = store::alerts::openings(&app.db, at_once).await? else { break };
        // Read behind the openings: whoever subscribed before one of them is among these.
        let (everybody, live_now) = store::alerts::last_subscription(&app.db).await?;
        live = live_now;
        let upto = everybody.min(batch.told + PAIRS);
        let when = (moment.0.ageing_s, now);
        if upto > batch.told {
            raise(app, &store::alerts::candidates(&app.db, &batch, upto, when).await?, moment).await?;
        }
        if upto < everybody {
            store::alerts::note_told(&app.db, &batch, upto).await?;
        } else {
            store::alerts::close(&app.db, &batch).await?;
        }
    }
    Ok(())
}

/// Raises the alerts of candidates whose filters fit.
async fn raise(app: &App, found: &[Candidate], moment: Moment) -> ApiResult<()> {
    let mut homes: HashMap<&str, Option<(NewEntry, Vec<Room>)>> = HashMap::new();
    for candidate in found {
        if !homes.contains_key(candidate.institution.as_str()) {
            let stored = store::institutions::read(&app.db, &candidate.institution).await?;
            let stored = stored.filter(|stored| !stored.is_removed);
            let home = stored.map(|stored| stored.entry().map(|entry| (entry, stored.rooms)));
            homes.insert(&candidate.institution, home.transpose().map_err(ApiError::internal)?);
        }
    }
    let fits = |candidate: &&Candidate| {
        let Some(Some((home, rooms))) = homes.get(candidate.institution.as_str()) else { return false };
        let mut rooms = rooms.iter().filter(|room| room.room_type == candidate.room_type);
        rooms.any(|room| candidate.filters.fit(home, room, moment))
    };
    let wanted: Vec<_> =
        found.iter().filter(fits).map(|candidate| (candidate.opening, candidate.id.as_str())).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    Ok(store::alerts::raise(&app.db, &wanted).await?)
}
