//! Opening hours in OpenStreetMap's words.

use crate::opening_hours::{Hours, OpeningHours, Weekday};

pub(super) fn text(hours: &OpeningHours) -> String {
    let mut rules = Vec::new();
    if is_always(hours) {
        rules.push("24/7".to_owned());
    } else {
        rules.extend(week(hours));
        // OpenStreetMap's readers take `Mo-Su` to include holidays where nothing is said about them.
        rules.push(format!("PH {}", stretches(&hours.on_holidays)));
    }
    match hours.make_up_days_as {
        Some(Weekday::Monday) => {}
        Some(weekday) => rules.push(format!("MW as {}", abbreviation(weekday))),
        None => rules.push("MW off".to_owned()),
    }
    rules.extend(hours.exceptions.iter().map(|(date, hours)| format!("{date} {}", stretches(hours))));
    rules.join("; ")
}

fn is_always(hours: &OpeningHours) -> bool {
    let all_day = |hours: &[Hours]| *hours == [Hours::ALL_DAY];
    all_day(&hours.on_holidays) && Weekday::ALL.iter().all(|weekday| all_day(hours.in_week(*weekday)))
}

/// One rule for all days that have the same hours.
fn week(hours: &OpeningHours) -> impl Iterator<Item = String> {
    let mut groups: Vec<(&[Hours], Vec<Weekday>)> = Vec::new();
    for (weekday, hours) in &hours.weekly {
        match groups.iter_mut().find(|(same, _)| same == hours) {
            Some((_, weekdays)) => weekdays.push(*weekday),
            None => groups.push((hours, vec![*weekday])),
        }
    }
    groups.into_iter().map(|(hours, weekdays)| format!("{} {}", days(&weekdays), stretches(hours)))
}

/// Ascending days, three and more in a row as a range.
fn days(weekdays: &[Weekday]) -> String {
    let in_a_row = |before: &Weekday, after: &Weekday| *before as usize + 1 == *after as usize;
    let parts = weekdays.chunk_by(in_a_row).map(|row| match row {
        [first, _, .., last] => format!("{}-{}", abbreviation(*first), abbreviation(*last)),
        few => few.iter().map(|day| abbreviation(*day)).collect::<Vec<_>>().join(","),
    });
    parts.collect::<Vec<_>>().join(",")
}

fn stretches(hours: &[Hours]) -> String {
    if hours.is_empty() {
        return "off".to_owned();
    }
    let stretches = hours.iter().map(|stretch| format!("{}-{}", stretch.opens(), stretch.closes()));
    stretches.collect::<Vec<_>>().join(",")
}

fn abbreviation(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Mo",
        Weekday::Tuesday => "Tu",
        Weekday::Wednesday => "We",
        Weekday::Thursday => "Th",
        Weekday::Friday => "Fr",
        Weekday::Saturday => "Sa",
        Weekday::Sunday => "Su",
    }
}
