//! The portal function: the pages that citizens open, and the answer to every path that no other function has.
//!
//! The pages are static. `build/` makes them from `assets/` in Chinese and in English; what they show of offices,
//! appointments, care homes, donation points, gifts and volunteering, their scripts ask of the API.

mod assets;
mod pages;

use axum::{Router, routing::get};

#[cfg(target_arch = "wasm32")]
mod entry {
    use shared::door::Door;
    use spin_sdk::http::{IntoResponse, Request};

    static DOOR: Door = Door::new();

    #[spin_sdk::http_service]
    async fn handle(request: Request) -> impl IntoResponse {
        DOOR.serve(request, async || Ok(super::routes())).await
    }
}

/// The pages (`/`, `/marriage…`, `/beds…`, `/donation…`, `/volunteer…`), their files, and everything unknown.
#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "only the component opens its door")
)]
fn routes() -> Router {
    assets::PAGES
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .fold(Router::new(), |router, (path, page)| router.route(path, get(pages::Shown(page))))
        .route("/assets/{version}/{name}", get(assets::serve))
        .route("/.well-known/volunteer-certificate-keys.json", get(pages::certificate_keys))
        .fallback(pages::unknown)
}

#[cfg(test)]
mod tests;
