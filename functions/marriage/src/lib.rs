//! Marriage registration appointments: 婚姻登记预约.
//!
//! The door: the entry point and the route table. `handlers` do what a route says, `domain` holds the rules, `store` the
//! statements, `wire` what callers send and get.

pub mod app;
pub mod domain;
mod handlers;
#[cfg(not(target_arch = "wasm32"))]
pub mod openapi;
mod store;
pub mod wire;

use std::sync::Arc;

use app::App;
use axum::{
    Router,
    routing::{get, patch, post, put},
};
use handlers::{appointments, availability, counter, holds, offices, rebook, timetables, waitlist};

#[cfg(target_arch = "wasm32")]
mod entry {
    use shared::door::Door;
    use spin_sdk::http::{IntoResponse, Request};

    static DOOR: Door = Door::new();

    #[spin_sdk::http_service]
    async fn handle(request: Request) -> impl IntoResponse {
        DOOR.serve(request, async || Ok(super::routes(super::App::open().await?))).await
    }
}

/// Every route of the function.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only the component opens its door"))]
fn routes(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/offices", get(offices::list))
        .route("/offices/{id}", get(offices::read).put(offices::put))
        .route("/offices/{id}/availability", get(availability::of_office))
        .route("/availability", get(availability::city_wide))
        .route("/holds", post(holds::create))
        .route("/holds/{hold}", axum::routing::delete(holds::release))
        .route("/appointments", post(appointments::create))
        .route("/appointments/{reference}", get(appointments::read).merge(patch(appointments::reschedule)))
        .route("/appointments/{reference}/cancel", post(appointments::cancel))
        .route("/appointments/{reference}/calendar.ics", get(appointments::calendar))
        .route("/waitlist", post(waitlist::join))
        .route("/waitlist/{reference}", get(waitlist::read).delete(waitlist::leave))
        .route("/waitlist/{reference}/accept", post(waitlist::accept))
        .route("/offices/{id}/timetable", get(timetables::read).put(timetables::put))
        .route(
            "/offices/{id}/exceptions/{date}",
            put(timetables::put_exception).delete(timetables::delete_exception),
        )
        .route("/offices/{id}/exceptions/{date}/rebook", post(rebook::rebook))
        .route("/offices/{id}/appointments", get(counter::list_day))
        .route("/appointments/{reference}/check-in", post(counter::check_in))
        .route("/appointments/{reference}/complete", post(counter::complete))
        .route("/appointments/{reference}/no-show", post(counter::no_show))
        .route("/stats", get(counter::stats))
        .merge(shared::meta::routes());
    Router::new().nest("/api/v1/marriage", api).with_state(app)
}
