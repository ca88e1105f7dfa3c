//! The OpenAPI 3.1 document of this function.

use shared::openapi::Plumbing;
use utoipa::OpenApi;

use crate::{
    domain::{Exception, Timetable},
    handlers::{appointments, availability, counter, holds, offices, rebook, timetables, waitlist},
    wire,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "婚姻登记预约 · Marriage registration appointments",
        version = "1",
        description = "预约结婚登记、离婚登记申请、发给离婚证和补领婚姻登记证。\n\n\
                       Appointments for marriage registration, divorce applications and certificates, and reissue of \
                       certificates. Instants are Shanghai time. Every refusal is RFC 9457 problem+json."
    ),
    servers((url = "/api/v1/marriage")),
    paths(
        offices::list, offices::read, offices::put,
        availability::of_office, availability::city_wide,
        holds::create, holds::release,
        appointments::create, appointments::read, appointments::reschedule, appointments::cancel,
        appointments::calendar,
        waitlist::join, waitlist::read, waitlist::accept, waitlist::leave,
        timetables::read, timetables::put, timetables::put_exception, timetables::delete_exception, rebook::rebook,
        counter::list_day, counter::check_in, counter::complete, counter::no_show, counter::stats,
        shared::meta::rules, shared::meta::audit_log, shared::meta::verify_audit, shared::meta::health,
    ),
    components(schemas(Timetable, Exception, wire::PartyInput)),
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
        let committed = include_str!("../../../tests/openapi/marriage.json");
        let current = super::document().to_pretty_json().unwrap();
        assert_eq!(
            committed.trim_end(),
            current,
            "refresh it with `cargo run --package minzheng -- openapi`"
        );
    }
}
