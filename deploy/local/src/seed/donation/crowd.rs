//! Points by the thousand, distributed as people are.

use std::{
    fs::{self, File},
    io::Write as _,
    iter,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use chrono::NaiveDate;
use shared::{divisions::Division, geo::Position};

use super::{
    file::{self, HEADER, Point},
    places::{self, District},
    today,
};
use crate::seed::random::Random;

/// What the import takes at most: rows of a file, and its bytes.
const MOST_ROWS: usize = 20_000;
const MOST_BYTES: usize = 8 << 20;

/// Residents by district, by code: census of 2020-11-01 (第七次全国人口普查, Shanghai's bulletin).
const RESIDENTS: [(&str, u64); 16] = [
    ("310101", 662_030),
    ("310104", 1_113_078),
    ("310105", 693_051),
    ("310106", 975_707),
    ("310107", 1_239_800),
    ("310109", 757_498),
    ("310110", 1_242_548),
    ("310112", 2_653_489),
    ("310113", 2_235_218),
    ("310114", 1_834_258),
    ("310115", 5_681_512),
    ("310116", 822_776),
    ("310117", 1_909_713),
    ("310118", 1_271_424),
    ("310120", 1_140_872),
    ("310151", 637_921),
];

/// How many clusters a sub-district has, and how far one reaches at most, in degrees of latitude: some 400 m.
const CLUSTERS: u32 = 6;
const CLUSTER_REACH: f64 = 0.004;

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

/// Writes the files of [`donation_sample`] into a folder, and returns where; a file that is there already is left alone.
///
/// # Errors
/// When a file is there already, or can't be written.
pub(crate) fn write(count: usize, seed: u64, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    let mut paths = Vec::new();
    for (n, content) in (1..).zip(donation_sample(count, seed)) {
        let path = folder.join(format!("donation-points-{n:03}.csv"));
        File::create_new(&path)
            .and_then(|mut file| file.write_all(content.as_bytes()))
            .with_context(|| format!("can't write {}", path.display()))?;
        paths.push(path);
    }
    Ok(paths)
}

fn files(count: usize, seed: u64, today: NaiveDate) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut files = Files::default();
    for (district, share) in places::districts(&mut random).iter().zip(shares(count)) {
        let places: Vec<_> = district
            .subdistricts
            .iter()
            .map(|(subdistrict, middle)| Place::new(district, subdistrict, *middle, &mut random))
            .collect();
        for (n, place) in places.iter().cycle().take(share).enumerate() {
            let point = place.point(n / places.len() + 1, &mut random);
            files.push(&file::row(&point, &mut random, today));
        }
    }
    files.0
}

/// How many of `count` points each district has.
fn shares(count: usize) -> impl Iterator<Item = usize> {
    let city: u64 = RESIDENTS.iter().map(|(_, residents)| residents).sum();
    let up_to = move |residents: u64| {
        let points = count as u128 * u128::from(residents) / u128::from(city);
        usize::try_from(points).unwrap_or(usize::MAX)
    };
    RESIDENTS.iter().scan(0, move |before, (_, residents)| {
        let from = up_to(*before);
        *before += residents;
        Some(up_to(*before) - from)
    })
}

/// A sub-district to put points into.
struct Place<'d> {
    district: &'d District,
    subdistrict: &'static Division,
    middle: Position,
    clusters: Vec<Position>,
}

impl<'d> Place<'d> {
    fn new(
        district: &'d District,
        subdistrict: &'static Division,
        middle: Position,
        random: &mut Random,
    ) -> Self {
        let clusters = iter::repeat_with(|| district.near(middle, district.breadth, random));
        Self { district, subdistrict, middle, clusters: clusters.take(CLUSTERS as usize).collect() }
    }

    /// Its point of that number: one in five lies outside the clusters, of which the first are the largest.
    fn point(&self, number: usize, random: &mut Random) -> Point {
        let cluster = random.below(CLUSTERS).min(random.below(CLUSTERS)) as usize;
        let at = match self.clusters.get(cluster).filter(|_| random.below(5) > 0) {
            Some(cluster) => {
                self.district.near(*cluster, CLUSTER_REACH.min(self.district.breadth / 3.0), random)
            }
            None => self.district.near(self.middle, self.district.breadth * 1.5, random),
        };
        let Division { code, name, .. } = self.subdistrict;
        let kind = KINDS.get(random.below(4) as usize).copied().unwrap_or_default();
        Point {
            id: format!("sample-{code}-{number:05}"),
            name: format!("{name}第{number}{kind}(样例)"),
            subdistrict: self.subdistrict,
            at,
        }
    }
}

/// Files being filled.
#[derive(Default)]
struct Files(Vec<String>, usize);

impl Files {
    fn push(&mut self, row: &str) {
        let Self(files, rows) = self;
        match files.last_mut().filter(|file| *rows < MOST_ROWS && file.len() + row.len() < MOST_BYTES) {
            Some(file) => {
                file.push_str(row);
                *rows += 1;
            }
            None => {
                files.push(format!("{HEADER}{row}"));
                *rows = 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use shared::geo::outlines;

    use super::{
        super::tests::{lies_in_its_district_and_says_that_it_is_made_up, read},
        *,
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

    #[test]
    fn there_are_as_many_points_as_wanted() {
        for count in [0, 1, 5, 16, 999, 20_001] {
            assert_eq!(shares(count).sum::<usize>(), count);
            let rows: usize = files(count, 1, TODAY).iter().map(|file| file.lines().count() - 1).sum();
            assert_eq!(rows, count);
        }
        assert_eq!(files(20_000, 1, TODAY).len(), 1);
        assert_eq!(files(20_001, 1, TODAY).len(), 2);
    }

    #[test]
    fn the_residents_are_those_of_the_districts_and_add_up_to_the_city() {
        assert!(RESIDENTS.iter().map(|(code, _)| *code).eq(outlines().iter().map(|o| o.code.as_str())));
        assert_eq!(RESIDENTS.iter().map(|(_, residents)| residents).sum::<u64>(), 24_870_895);
    }

    #[test]
    fn files_that_are_there_already_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        let paths = write(20_001, 1, &folder).unwrap();
        assert_eq!(paths, [1, 2].map(|n| folder.join(format!("donation-points-00{n}.csv"))));
        let before = fs::read_to_string(&paths[0]).unwrap();
        assert!(write(10, 2, &folder).is_err());
        assert_eq!(fs::read_to_string(&paths[0]).unwrap(), before);
    }
}
