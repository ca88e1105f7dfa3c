//! Volunteering: opportunities and shifts, volunteers, their hours and certificates: 志愿服务.
//!
//! The door: the entry point and the route table. `handlers` do what a route says, `domain` holds the rules, `store` the
//! statements, `wire` what callers send and get, `signer` the signature on certificates.

pub mod app;
pub mod domain;
mod handlers;
#[cfg(not(target_arch = "wasm32"))]
pub mod openapi;
pub mod signer;
mod store;
pub mod wire;

use std::sync::Arc;

use app::App;
use axum::{
    Router,
    routing::{delete, get, post},
};
use handlers::{
    attendance, certificates, opportunities, organisations, record, search, signups, stats, volunteers,
};

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
        .route("/organisations", get(organisations::list))
        .route("/organisations/{id}", get(organisations::read).put(organisations::put))
        .route("/organisations/{id}/opportunities", get(organisations::opportunities))
        .route("/opportunities", get(search::list).post(opportunities::create))
        .route("/opportunities/{id}", get(search::read).put(opportunities::change))
        .route("/opportunities/{id}/publish", post(opportunities::publish))
        .route("/opportunities/{id}/close", post(opportunities::close))
        .route("/opportunities/{id}/shifts", post(opportunities::add_shift))
        .route("/shifts/{id}/cancel", post(opportunities::cancel_shift))
        .route("/shifts/{id}/signups", get(signups::list).post(signups::create))
        .route("/shifts/{id}/signups/mine", delete(signups::withdraw))
        .route("/shifts/{id}/code", get(attendance::code))
        .route("/shifts/{id}/check-in", post(attendance::check_in))
        .route("/shifts/{id}/check-out", post(attendance::check_out))
        .route("/shifts/{id}/record", post(record::add))
        .route("/volunteers", post(volunteers::create))
        .route(
            "/volunteers/me",
            get(volunteers::read_me).patch(volunteers::change_me).delete(volunteers::withdraw_me),
        )
        .route("/volunteers/me/signups", get(volunteers::signups))
        .route("/volunteers/me/record", get(record::read_mine))
        .route("/volunteers/me/record/{entry}/dispute", post(record::dispute))
        .route("/volunteers/me/certificates", get(certificates::mine))
        .route("/volunteers/lookup", post(volunteers::look_up))
        .route("/volunteers/{volunteer_no}", get(volunteers::read).delete(volunteers::withdraw))
        .route("/volunteers/{volunteer_no}/token", post(volunteers::exchange_token))
        .route("/volunteers/{volunteer_no}/trainings", post(volunteers::train))
        .route("/record", get(record::list))
        .route("/record/{entry}/confirm", post(record::confirm))
        .route("/record/{entry}/correct", post(record::correct))
        .route("/certificates", get(certificates::list).post(certificates::issue))
        .route("/certificates/{code}", get(certificates::read))
        .route("/certificates/{code}/revoke", post(certificates::revoke))
        .route("/certificate-keys", get(certificates::keys))
        .route("/stats", get(stats::stats))
        .merge(shared::meta::routes());
    Router::new().nest("/api/v1/volunteer", api).with_state(app)
}
