use chrono::{DateTime, Utc};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _};

/// An appointment as an iCalendar file (RFC 5545) with a reminder on the day before. Names nobody.
#[must_use]
pub fn calendar_file(
    reference: &str,
    (title, place): (&str, &str),
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    (stamp, cancelled): (DateTime<Utc>, bool),
) -> String {
    let status =
        if cancelled { icalendar::EventStatus::Cancelled } else { icalendar::EventStatus::Confirmed };
    let event = Event::new()
        .uid(&format!("{reference}@minzheng"))
        .timestamp(stamp)
        .summary(title)
        .location(place)
        .description(reference)
        .starts(start)
        .ends(end)
        .status(status)
        .alarm(Alarm::display(title, -chrono::Duration::days(1)))
        .done();
    Calendar::new().name(title).push(event).done().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_an_event_with_a_reminder() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let file = calendar_file(
            "M0",
            ("结婚登记", "黄浦区"),
            (at("2026-12-01T01:00:00Z"), at("2026-12-01T01:30:00Z")),
            (at("2026-11-24T00:00:00Z"), false),
        );
        for line in
            ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:M0@minzheng", "DTSTART:20261201T010000Z", "BEGIN:VALARM"]
        {
            assert!(file.contains(&format!("{line}\r\n")), "{line} in {file}");
        }
    }
}
