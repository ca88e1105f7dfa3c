//! Many things over the city, distributed as people are.

use std::iter;

use shared::{divisions::Division, geo::Position};

use super::{
    csv::Files,
    places::{self, District},
    random::Random,
};

/// Residents by district, by code: census of 2020-11-01 (第七次全国人口普查, Shanghai's bulletin).
pub(super) const RESIDENTS: [(&str, u64); 16] = [
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

/// Where one of many lies.
pub(super) struct Spot {
    pub(super) subdistrict: &'static Division,
    /// From 1, in its sub-district.
    pub(super) number: usize,
    pub(super) at: Position,
}

impl Spot {
    /// An id that no other spot of the city has.
    pub(super) fn id(&self) -> String {
        format!("sample-{}-{:05}", self.subdistrict.code, self.number)
    }
}

/// Files with a row for each of `count` spots.
///
/// Each district has its share by residents, its sub-districts the same number, in clusters inside the district's outline;
/// by district, and within it a spot of each sub-district in turn. A seed gives the same spots on every machine.
pub(super) fn files(
    count: usize,
    seed: u64,
    header: &'static str,
    mut row: impl FnMut(&Spot, &mut Random) -> String,
) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut files = Files::new(header);
    for (district, share) in places::districts(&mut random).iter().zip(shares(count)) {
        let places: Vec<_> = district
            .subdistricts
            .iter()
            .map(|(subdistrict, middle)| Place::new(district, subdistrict, *middle, &mut random))
            .collect();
        for (n, place) in places.iter().cycle().take(share).enumerate() {
            let at = place.somewhere(&mut random);
            let spot = Spot { subdistrict: place.subdistrict, number: n / places.len() + 1, at };
            files.push(&row(&spot, &mut random));
        }
    }
    files.into_vec()
}

/// How many of `count` each district has.
fn shares(count: usize) -> impl Iterator<Item = usize> {
    let city: u64 = RESIDENTS.iter().map(|(_, residents)| residents).sum();
    let up_to = move |residents: u64| {
        let share = count as u128 * u128::from(residents) / u128::from(city);
        usize::try_from(share).unwrap_or(usize::MAX)
    };
    RESIDENTS.iter().scan(0, move |before, (_, residents)| {
        let from = up_to(*before);
        *before += residents;
        Some(up_to(*before) - from)
    })
}

/// A sub-district to put spots into.
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

    /// One in five lies outside the clusters, of which the first are the largest.
    fn somewhere(&self, random: &mut Random) -> Position {
        let cluster = random.below(CLUSTERS).min(random.below(CLUSTERS)) as usize;
        match self.clusters.get(cluster).filter(|_| random.below(5) > 0) {
            Some(cluster) => {
                self.district.near(*cluster, CLUSTER_REACH.min(self.district.breadth / 3.0), random)
            }
            None => self.district.near(self.middle, self.district.breadth * 1.5, random),
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::geo::outlines;

    use super::*;

    #[test]
    fn there_are_as_many_as_wanted() {
        for count in [0, 1, 5, 16, 999, 20_001] {
            assert_eq!(shares(count).sum::<usize>(), count);
            let files = files(count, 1, "header\n", |spot, _| format!("{}\n", spot.id()));
            let rows: usize = files.iter().map(|file| file.lines().count() - 1).sum();
            assert_eq!(rows, count);
        }
    }

    #[test]
    fn the_residents_are_those_of_the_districts_and_add_up_to_the_city() {
        assert!(RESIDENTS.iter().map(|(code, _)| *code).eq(outlines().iter().map(|o| o.code.as_str())));
        assert_eq!(RESIDENTS.iter().map(|(_, residents)| residents).sum::<u64>(), 24_870_895);
    }
}
