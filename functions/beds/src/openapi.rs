//! The OpenAPI 3.1 document of this function.

use shared::openapi::Plumbing;
use utoipa::OpenApi;

use crate::handlers::{
    applications, exchange, institutions, offers, queue, search, stats, subscriptions, upkeep,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "养老床位查询、轮候与入住 · Care beds: search, waiting list and admission",
        version = "1",
        description = "按地点、照护等级、房型、价格等查找空余养老床位，申请轮候、确认入住、订阅空床提醒。\n\n\
                       Find a vacant care bed, wait for one, answer an offer, be told when a bed opens. Instants are \
                       Shanghai time, positions WGS 84, money is fen. Every refusal is RFC 9457 problem+json."
    ),
    servers((url = "/api/v1/beds")),
    paths(
        search::list, search::geojson, institutions::read, institutions::counts, institutions::summary,
        applications::create, applications::read, applications::withdraw, applications::accept,
        applications::decline,
        subscriptions::create, subscriptions::read, subscriptions::end,
        upkeep::put, upkeep::remove, upkeep::set_counts, exchange::import, exchange::export,
        queue::list, offers::create, offers::assess, applications::admit, applications::discharge, stats::stats,
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
        let committed = include_str!("../../../tests/openapi/beds.json");
        let current = super::document().to_pretty_json().unwrap();
        assert_eq!(
            committed.trim_end(),
            current,
            "refresh it with `cargo run --package minzheng -- openapi`"
        );
    }
}
