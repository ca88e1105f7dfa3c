//! The OpenAPI 3.1 document of this function.

use shared::openapi::Plumbing;
use utoipa::OpenApi;

use crate::handlers::{custody, exchange, pledges, points, reports, search, stats, upkeep};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "捐赠接收点与捐赠追踪 · Donation points and the way of a gift",
        version = "1",
        description = "查找捐赠接收点和急需物品，登记捐赠并查看其去向。\n\n\
                       Find donation points and what is urgently needed, pledge a gift and follow its way. Instants are \
                       Shanghai time, positions WGS 84. Quantities are pieces, of cash fen. Every refusal is RFC 9457 \
                       problem+json."
    ),
    servers((url = "/api/v1/donation")),
    paths(
        search::list, search::geojson, points::read, points::needs, stats::summary,
        reports::create,
        pledges::create, pledges::read, pledges::cancel, pledges::receipt,
        upkeep::put, upkeep::remove, upkeep::confirm, upkeep::set_items,
        exchange::import, exchange::export,
        pledges::of_point, custody::receive, custody::sort, custody::dispatch, custody::deliver,
        reports::list, reports::settle, stats::stats,
        shared::meta::rules, shared::meta::audit_log, shared::meta::verify_audit, shared::meta::health,
    ),
    modifiers(&Plumbing),
)]
struct Document;

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_document_is_current() {
        let committed = include_str!("../../../tests/openapi/donation.json");
        let current = super::document().to_pretty_json().unwrap();
        assert_eq!(
            committed.trim_end(),
            current,
            "refresh it with `cargo run --package minzheng -- openapi`"
        );
    }
}
