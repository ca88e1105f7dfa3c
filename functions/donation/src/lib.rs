//! Donation points, pledges and their way: 捐赠接收点与捐赠追踪.
//!
//! The door: the entry point and the route table. `handlers` do what a route says, `domain` holds the rules, `store` the
//! statements, `wire` what callers send and get. Searches read `shared::copies`.

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
    routing::{get, patch, post},
};
use handlers::{custody, exchange, pledges, points, reports, search, stats, upkeep};

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
        .route("/points", get(search::list))
        .route("/points.geojson", get(search::geojson))
        .route("/points/{id}", get(points::read).put(upkeep::put).delete(upkeep::remove))
        .route("/points/{id}/items", patch(upkeep::set_items))
        .route("/points/{id}/confirm", post(upkeep::confirm))
        .route("/points/{id}/reports", post(reports::create))
        .route("/points/{id}/pledges", get(pledges::of_point))
        .route("/points/import", post(exchange::import))
        .route("/points/export", get(exchange::export))
        .route("/needs", get(points::needs))
        .route("/summary", get(stats::summary))
        .route("/pledges", post(pledges::create))
        .route("/pledges/{reference}", get(pledges::read))
        .route("/pledges/{reference}/cancel", post(pledges::cancel))
        .route("/pledges/{reference}/receive", post(custody::receive))
        .route("/pledges/{reference}/sort", post(custody::sort))
        .route("/pledges/{reference}/dispatch", post(custody::dispatch))
        .route("/pledges/{reference}/deliver", post(custody::deliver))
        .route("/receipts/{number}", get(pledges::receipt))
        .route("/reports", get(reports::list))
        .route("/reports/{id}/settle", post(reports::settle))
        .route("/stats", get(stats::stats))
        .merge(shared::meta::routes());
    Router::new().nest("/api/v1/donation", api).with_state(app)
}
