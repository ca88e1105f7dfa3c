//! The portal function: the pages that citizens open, and the answer to every path that no other function has.
//!
//! The pages are static. `build/` makes them from `assets/` in Chinese and in English; what they show of offices and
//! appointments, their scripts ask of the API.

mod assets;
mod pages;

use axum::{Router, routing::get};
use shared::door::Door;

static DOOR: Door = Door::new();

/// Answers one request.
///
/// # Errors
/// Never: see [`Door::serve`].
#[cfg_attr(target_arch = "wasm32", spin_sdk::http_service)]
pub async fn handle(
    request: spin_sdk::http::Request,
) -> Result<axum::response::Response, std::convert::Infallible> {
    DOOR.serve(request, async || Ok(routes())).await
}

/// `/`, `/marriage`, `/marriage/appointment`, `/marriage/waitlist`, their files, and everything unknown.
fn routes() -> Router {
    assets::PAGES
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .fold(Router::new(), |router, (path, page)| router.route(path, get(pages::Shown(page))))
        .route("/assets/{version}/{name}", get(assets::serve))
        .fallback(pages::unknown)
}

#[cfg(test)]
mod tests;
