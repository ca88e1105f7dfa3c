//! What follows from a change: offers that run out, and beds that open told to whoever waits to hear of them.
//!
//! # Design
//! A trigger notes an opening in the statement that frees a bed. Whoever made the change looks for subscriptions that it
//! fits; if it fails or dies in between, the next reader who comes by does it. An alert is raised once for each opening
//! and subscription, however many look.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use shared::problem::{ApiError, ApiResult};

use crate::{
    app::App,
    domain::Freshness,
    store::{self, alerts::Opening},
};

/// How often readers look for what was left undone, in seconds.
const LOOK_EVERY_S: i64 = 1;
/// How many subscriptions are looked at in one go.
const PAGE: usize = 1_000;
/// How many offers expire in one go.
const EXPIRED_AT_ONCE: usize = 500;

/// Does what was left undone, if nobody looked within the last second.
pub(super) async fn settle(app: &App, now: DateTime<Utc>) -> ApiResult<()> {
    let seen = app.looked_at.load(Ordering::Relaxed);
    if now.timestamp() < seen + LOOK_EVERY_S {
        return Ok(());
    }
    app.looked_at.store(now.timestamp(), Ordering::Relaxed);
    let (lapsed, opened) = store::alerts::due(&app.db, now).await?;
    if lapsed {
        expire(app, now).await?;
    }
    if opened {
        tell_or_warn(app, now).await;
    }
    Ok(())
}

/// Frees the beds of offers that have run out.
pub(super) async fn expire(app: &App, now: DateTime<Utc>) -> ApiResult<()> {
    let mut any = false;
    loop {
        let expired = store::applications::expire(&app.db, now).await?;
        any |= expired > 0;
        if expired < EXPIRED_AT_ONCE {
            break;
        }
    }
    if any {
        tell_or_warn(app, now).await;
    }
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
    loop {
        let openings = store::alerts::openings(&app.db).await?;
        if openings.is_empty() {
            return Ok(());
        }
        for opening in openings {
            let no = opening.no;
            tell_one(app, opening, now).await?;
            store::alerts::close(&app.db, no).await?;
        }
    }
}

async fn tell_one(app: &App, opening: Opening, now: DateTime<Utc>) -> ApiResult<()> {
    let moment = app.moment(now)?;
    let (ages, now) = moment;
    // Stale beds were not to be seen.
    let was_stale = ages.freshness(opening.confirmed_before, opening.at) == Freshness::Stale;
    let before = if was_stale { 0 } else { opening.before };
    if before >= opening.available {
        return Ok(());
    }
    let stored = &opening.institution;
    let Some(room) = stored.rooms.iter().find(|room| room.room_type == opening.room_type) else {
        return Ok(());
    };
    let home = stored.entry().map_err(ApiError::internal)?;
    let mut after = 0;
    loop {
        let found = store::alerts::candidates(&app.db, &opening, before, (after, now)).await?;
        let wanted = found.iter().filter(|one| one.filters.fit(&home, room, moment));
        let wanted: Vec<String> = wanted.map(|one| one.id.clone()).collect();
        if !wanted.is_empty() {
            store::alerts::raise(&app.db, opening.no, &wanted).await?;
        }
        match found.last() {
            Some(last) if found.len() == PAGE => after = last.no,
            _ => return Ok(()),
        }
    }
}
