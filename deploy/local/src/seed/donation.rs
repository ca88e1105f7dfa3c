//! Donation points: one in each sub-district as sample data, or as many as are wanted for measuring.
//!
//! # Design
//! All comes from seeded numbers, and from arithmetic that is exact on every machine: no sines, no logarithms. Only the
//! days until which an item is full or urgent count from today. There are no outlines of sub-districts, so a point lies
//! somewhere in its *district*: [`places`] spreads the sub-districts over it, [`crowd`](super::crowd) puts many points
//! around each, `file` writes the rows.

mod crowd;
mod file;

use chrono::{NaiveDate, Utc};
use shared::calendar;

pub use crowd::donation_sample;
pub(crate) use crowd::write;

use super::{Api, Outcome, places, random::Random};
use file::{HEADER, Point};

/// The seed of the sample that is loaded.
const SEED: u64 = 310_000;

/// Loads the sample where the function has no point at all. An import is taken in whole or not at all, so a load that was
/// broken off has left nothing.
pub(super) async fn load(api: &Api) -> anyhow::Result<Outcome> {
    if !api.wants_sample("/api/v1/donation/points?limit=1").await? {
        return Ok(Outcome::NotEmpty);
    }
    let rows = rows(today());
    api.post_csv("/api/v1/donation/points/import", format!("{HEADER}{}", rows.concat())).await?;
    Ok(Outcome::Loaded(rows.len()))
}

/// A row for each sub-district.
fn rows(today: NaiveDate) -> Vec<String> {
    let mut random = Random::new(SEED);
    let mut rows = Vec::new();
    for district in places::districts(&mut random) {
        for (subdistrict, at) in district.subdistricts {
            let point = Point {
                id: format!("sample-{}", subdistrict.code),
                name: format!("{}捐赠接收点(样例)", subdistrict.name),
                subdistrict,
                at,
            };
            rows.push(file::row(&point, &mut random, today));
        }
    }
    rows
}

fn today() -> NaiveDate {
    calendar::day_of(Utc::now())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::NaiveTime;
    use donation::domain::{Item, ItemState, PointRow, read_table};
    use shared::geo::{city_bounds, outlines};

    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 31).unwrap();

    /// The points of a file, read as the function reads it; it must be without fault.
    pub(super) fn read(csv: &str, today: NaiveDate) -> Vec<PointRow> {
        let now = calendar::at(today, NaiveTime::MIN).timestamp();
        let table = read_table(csv, now);
        assert_eq!(table.faults, []);
        table.rows.into_iter().map(|(_, row)| row).collect()
    }

    pub(super) fn lies_in_its_district_and_says_that_it_is_made_up(point: &PointRow) {
        let district = point.division_code.district();
        let outline = outlines().iter().find(|outline| outline.code == district).unwrap();
        assert!(outline.contains(&point.location), "{point:?}");
        assert!(city_bounds().contains(&point.location), "{point:?}");
        assert!(point.sample && point.phone.ends_with("00000000"), "{point:?}");
        assert!(point.name.ends_with("(样例)") && point.operator.ends_with("(样例)"), "{point:?}");
        assert!(point.address.contains("样例数据，非真实地址"), "{point:?}");
    }

    fn sample() -> Vec<PointRow> {
        read(&format!("{HEADER}{}", rows(TODAY).concat()), TODAY)
    }

    #[test]
    fn every_subdistrict_has_one_point_in_its_district_that_says_that_it_is_made_up() {
        let points = sample();
        assert_eq!(points.len(), 234);
        let codes: BTreeSet<_> = points.iter().map(|point| point.division_code).collect();
        assert_eq!(codes.len(), 234);
        for point in &points {
            lies_in_its_district_and_says_that_it_is_made_up(point);
            assert_eq!(point.id, format!("sample-{}", point.division_code));
        }
        let bund = points.iter().find(|point| point.id == "sample-310101013").unwrap();
        assert_eq!(bund.name, "外滩街道捐赠接收点(样例)");
        assert_eq!(bund.operator, "上海市黄浦区外滩街道(样例)");
    }

    #[test]
    fn the_sample_is_the_same_each_time_and_on_another_day_but_for_how_long_states_hold() {
        assert_eq!(rows(TODAY), rows(TODAY));
        let without_days = |today| {
            let mut points = read(&format!("{HEADER}{}", rows(today).concat()), today);
            points
                .iter_mut()
                .flat_map(|point| point.items.as_mut().unwrap())
                .for_each(|item| item.until = None);
            points
        };
        assert_eq!(without_days(TODAY), without_days(NaiveDate::from_ymd_opt(2028, 2, 29).unwrap()));
    }

    #[test]
    fn the_points_of_a_district_are_spread_over_it() {
        let points = sample();
        for outline in outlines() {
            let own = || points.iter().filter(|point| outline.code.contains(&point.division_code));
            let span = |of: fn(&PointRow) -> f64| {
                let (least, most) = own().map(of).fold((f64::MAX, f64::MIN), |(least, most), degrees| {
                    (least.min(degrees), most.max(degrees))
                });
                most - least
            };
            let bounds = outline.bounds();
            assert!(
                span(|point| point.location.lat) > 0.6 * (bounds.north - bounds.south),
                "{}",
                outline.name
            );
            assert!(span(|point| point.location.lon) > 0.6 * (bounds.east - bounds.west), "{}", outline.name);
        }
    }

    #[test]
    fn every_item_state_and_pattern_of_hours_appears_and_most_points_take_clothing_and_books() {
        let points = sample();
        let all = || points.iter().flat_map(|point| point.items.as_ref().unwrap());
        for (word, item) in Item::WORDS {
            let takers = all().filter(|status| status.item == *item && status.state.takes_gifts()).count();
            let expected = if matches!(item, Item::Clothing | Item::Books) { points.len() / 2 } else { 0 };
            assert!(takers > expected, "{word}: {takers}");
        }
        for (word, state) in ItemState::WORDS {
            assert!(all().any(|status| status.state == *state), "{word}");
        }
        let ends: Vec<_> = all().filter_map(|status| status.until).collect();
        let now = calendar::at(TODAY, NaiveTime::MIN).timestamp();
        assert!(!ends.is_empty() && ends.len() < points.len());
        assert!(ends.iter().all(|until| (7..=36).contains(&((until - now) / 86_400))));
        let hours: BTreeSet<_> = points.iter().map(|point| point.hours.to_text()).collect();
        assert_eq!(hours.len(), file::HOURS.len());
        assert!(hours.contains("24/7") && hours.iter().any(|hours| hours.contains("PH")), "{hours:?}");
    }
}
