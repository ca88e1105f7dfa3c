//! The OpenAPI 3.1 document of this function.

use shared::openapi::Plumbing;
use utoipa::OpenApi;

use crate::handlers::{
    attendance, certificates, opportunities, organisations, record, search, signups, stats, volunteers,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "志愿服务 · Volunteering: registration, shifts, hours and certificates",
        version = "1",
        description = "注册志愿者，查找志愿服务项目，报名班次，记录服务时间，出具志愿服务记录证明。\n\n\
                       Register as a volunteer, find an opportunity, sign up for a shift, have your hours recorded and \
                       certified. Instants are Shanghai time, positions WGS 84. Every refusal is RFC 9457 problem+json."
    ),
    servers((url = "/api/v1/volunteer")),
    paths(
        search::list, search::read, organisations::list, organisations::read,
        volunteers::create, volunteers::read_me, volunteers::change_me, volunteers::withdraw_me,
        volunteers::signups, record::read_mine, record::dispute,
        signups::create, signups::withdraw, attendance::check_in, attendance::check_out,
        certificates::issue, certificates::read, certificates::mine, certificates::keys,
        organisations::put, organisations::opportunities, opportunities::create, opportunities::change,
        opportunities::publish, opportunities::close, opportunities::add_shift, opportunities::cancel_shift,
        signups::list, attendance::code, record::list, record::add, record::confirm, record::correct,
        volunteers::look_up, volunteers::read, volunteers::exchange_token, volunteers::withdraw, volunteers::train, certificates::list, certificates::revoke, stats::stats,
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
        let committed = include_str!("../../../tests/openapi/volunteer.json");
        let current = super::document().to_pretty_json().unwrap();
        assert_eq!(
            committed.trim_end(),
            current,
            "refresh it with `cargo run --package minzheng -- openapi`"
        );
    }
}
