//! Care beds: institutions, their rooms and vacancies, applications and offers: 养老床位查询、轮候与入住.
//!
//! The door: the entry point and the route table. `handlers` do what a route says, `domain` holds the rules, `demand` counts
//! searches, `store` the statements, `wire` what callers send and get.

pub mod app;
mod demand;
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
    routing::{get, post},
};
use handlers::{applications, exchange, institutions, offers, queue, search, stats, subscriptions, upkeep};

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
        .route("/institutions", get(search::list))
        .route("/institutions.geojson", get(search::geojson))
        .route("/institutions/{id}", get(institutions::read).put(upkeep::put).delete(upkeep::remove))
        .route(
            "/institutions/{id}/rooms/{room_type}/counts",
            get(institutions::counts).put(upkeep::set_counts),
        )
        .route("/institutions/{id}/applications", get(queue::list))
        .route("/institutions/import", post(exchange::import))
        .route("/institutions/export", get(exchange::export))
        .route("/summary", get(institutions::summary))
        .route("/applications", post(applications::create))
        .route("/applications/{reference}", get(applications::read))
        .route("/applications/{reference}/withdraw", post(applications::withdraw))
        .route("/applications/{reference}/offers", post(offers::create))
        .route("/applications/{reference}/offers/{offer}/accept", post(applications::accept))
        .route("/applications/{reference}/offers/{offer}/decline", post(applications::decline))
        .route("/applications/{reference}/assess", post(offers::assess))
        .route("/applications/{reference}/admit", post(applications::admit))
        .route("/applications/{reference}/discharge", post(applications::discharge))
        .route("/subscriptions", post(subscriptions::create))
        .route("/subscriptions/{id}", get(subscriptions::read).delete(subscriptions::end))
        .route("/stats", get(stats::stats))
        .merge(shared::meta::routes());
    Router::new().nest("/api/v1/beds", api).with_state(app)
}
