//! Points by the thousand, distributed as people are.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{
    file::{self, HEADER, Point},
    today,
};
use crate::seed::{crowd, csv};

const KINDS: [&str; 4] = ["捐赠接收点", "慈善超市", "爱心驿站", "社区捐赠站"];

/// Made-up donation points as CSV files for `POST /api/v1/donation/points/import`, each of at most 20,000 rows and below
/// 8 MiB; every row says that it is a sample.
///
/// Of `count` points each district has its share by residents, its sub-districts the same number, in clusters inside the
/// district's outline; by district, and within it a point of each sub-district in turn. A seed gives the same points on
/// every machine, but for the days until which items are full or urgent: they lie a few weeks ahead of today.
#[must_use]
pub fn donation_sample(count: usize, seed: u64) -> Vec<String> {
    files(count, seed, today())
}

/// Writes the files of [`donation_sample`] into a folder, and returns where.
///
/// # Errors
/// When a file is there already, or can't be written.
pub(crate) fn write(count: usize, seed: u64, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    csv::write(&donation_sample(count, seed), folder, "donation-points")
}

fn files(count: usize, seed: u64, today: NaiveDate) -> Vec<String> {
    crowd::files(count, seed, HEADER, |spot, random| {
        let kind = KINDS.get(random.below(4) as usize).copied().unwrap_or_default();
        let point = Point {
            id: spot.id(),
            name: format!("{}第{}{kind}(样例)", spot.subdistrict.name, spot.number),
            subdistrict: spot.subdistrict,
            at: spot.at,
        };
        file::row(&point, random, today)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{
        super::tests::{lies_in_its_district_and_says_that_it_is_made_up, read},
        *,
    };
    use crate::seed::{
        crowd::RESIDENTS,
        csv::{MOST_BYTES, MOST_ROWS},
    };

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 31).unwrap();

    #[test]
    fn a_hundred_thousand_points_fill_files_within_the_limits_of_the_import() {
        let began = std::time::Instant::now();
        let files = files(100_000, 1, TODAY);
        println!("made in {:?}", began.elapsed());
        assert!(files.len() >= 5);
        let mut ids = BTreeSet::new();
        let mut by_subdistrict = BTreeMap::<_, usize>::new();
        for file in &files {
            assert!(file.len() < MOST_BYTES, "{}", file.len());
            let points = read(file, TODAY);
            assert!((1..=MOST_ROWS).contains(&points.len()));
            for point in points {
                lies_in_its_district_and_says_that_it_is_made_up(&point);
                *by_subdistrict.entry(point.division_code).or_default() += 1;
                assert!(ids.insert(point.id));
            }
        }
        assert_eq!(ids.len(), 100_000);
        assert_eq!(by_subdistrict.len(), 234);
        for (code, residents) in RESIDENTS {
            let own = by_subdistrict.iter().filter(|(subdistrict, _)| subdistrict.as_str().starts_with(code));
            let points: usize = own.map(|(_, points)| points).sum();
            let expected = usize::try_from(100_000 * residents / 24_870_895).unwrap();
            assert!(points.abs_diff(expected) <= 1, "{code}: {points} for {expected}");
        }
    }

    #[test]
    fn a_seed_gives_the_same_points_each_time_and_another_gives_others() {
        assert_eq!(files(1_000, 1, TODAY), files(1_000, 1, TODAY));
        assert_ne!(files(1_000, 1, TODAY), files(1_000, 2, TODAY));
    }
}
