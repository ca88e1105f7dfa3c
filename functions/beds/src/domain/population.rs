//! Residents by district, for beds per 1,000 elders.

use std::{collections::BTreeMap, sync::OnceLock};

use shared::divisions::DivisionCode;

/// Where the figures come from.
pub const SOURCE: &str = "Seventh National Population Census (2020-11-01), Shanghai bulletin; elders derived from the \
                          city's share";
/// The same by its Chinese name.
pub const SOURCE_ZH: &str = "上海市第七次全国人口普查主要数据公报(2020-11-01);老年人口按全市比例推算";

/// Residents of each district, and of the city, by code.
#[must_use]
pub fn residents(division: &DivisionCode) -> Option<i64> {
    static RESIDENTS: OnceLock<BTreeMap<String, i64>> = OnceLock::new();
    let all = RESIDENTS.get_or_init(|| {
        let rows = include_str!("../../data/population.csv").lines().skip(1);
        rows.filter_map(|row| {
            // The columns after the third may hold commas; these don't.
            let mut cells = row.split(',');
            let code = cells.next()?.to_owned();
            Some((code, cells.nth(1)?.parse().ok()?))
        })
        .collect()
    });
    all.get(division.as_str()).copied()
}

/// Residents of 60 and over, derived from the city's share in thousandths.
#[must_use]
pub fn elders(residents: i64, permille: u32) -> i64 {
    residents * i64::from(permille) / 1_000
}

#[cfg(test)]
mod tests {
    use shared::divisions;

    use super::*;

    #[test]
    fn every_district_is_counted_and_they_add_up_to_the_city() {
        let city = DivisionCode::parse("310000").unwrap();
        let districts: i64 =
            divisions::districts().iter().map(|district| residents(&district.code).unwrap()).sum();
        assert_eq!(Some(districts), residents(&city));
        assert_eq!(districts, 24_870_895);
    }

    #[test]
    fn elders_are_derived_from_the_share() {
        assert_eq!(elders(1_000_000, 234), 234_000);
    }
}
