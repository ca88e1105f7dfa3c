use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::StatusCode;
use shared::{
    auth::{Credential, Visitor},
    extract::{Path, Query, json},
    input::FOREIGN_CURSOR,
    paging::page,
    problem::ApiResult,
};

use super::{access, alerts, views};
use crate::{
    app::App,
    domain::{ApplicationStatus, RoomType},
    store,
    wire::{Applications, ApplicationsQuery, QueuedApplication},
};

/// 轮候名单 · Who waits for a bed of an institution, in the order of the queue; with `status`, who has an offer or a bed.
/// Applicants are masked.
#[utoipa::path(get, path = "/institutions/{id}/applications", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("room_type" = Option<RoomType>, Query),
           ("status" = Option<ApplicationStatus>, Query, description = "`waiting` where it isn't given"),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Applications)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    access::managed(&app, &staff, &id).await?;
    let asked = query.read(ApplicationsQuery::read)?;
    alerts::settle(&app, now).await?;
    let visitor = Visitor::Staff(staff);
    let view = |record, room_type| -> ApiResult<QueuedApplication> {
        let application = views::masked(&app, &visitor, record, now.timestamp())?;
        let places = application.positions.iter().filter(|place| place.institution_id == id);
        let mut places = places.filter(|place| Some(place.room_type) == room_type);
        Ok(QueuedApplication {
            position: places.next().and_then(|place| place.position),
            room_type,
            application,
        })
    };
    let limit = asked.limit + 1;
    if asked.status == ApplicationStatus::Waiting {
        let after = asked.cursor.unwrap_or_default();
        if !after.is_empty() && store::applications::queue_cursor(&after).is_none() {
            return Err(FOREIGN_CURSOR.at("/cursor"));
        }
        let found = store::applications::queue(&app.db, (&id, asked.room_type), (&after, limit)).await?;
        let (found, next_cursor) = page(found, asked.limit, store::applications::Queued::cursor);
        let items = found.iter().map(|queued| view(&queued.record, Some(queued.room_type)));
        let items = items.collect::<ApiResult<_>>()?;
        return json(StatusCode::OK, &Applications { items, next_cursor });
    }
    let after =
        asked.cursor.map_or(Ok(0), |cursor| cursor.parse()).map_err(|_| FOREIGN_CURSOR.at("/cursor"))?;
    let which = (id.as_str(), asked.room_type, asked.status);
    let found = store::applications::placed(&app.db, which, (after, limit)).await?;
    let (found, next_cursor) = page(found, asked.limit, |last| last.no.to_string());
    let items = found.iter().map(|record| view(record, record.room_type));
    let items = items.collect::<ApiResult<_>>()?;
    json(StatusCode::OK, &Applications { items, next_cursor })
}
