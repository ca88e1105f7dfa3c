use std::collections::BTreeSet;

use shared::{
    divisions::DivisionCode,
    geo::{Position, city_bounds, outlines},
};

use super::*;
use crate::seed::csv::{MOST_BYTES, MOST_ROWS};

/// A row of a file.
#[derive(Debug)]
struct Row {
    id: String,
    name: String,
    operator: String,
    division_code: DivisionCode,
    address: String,
    location: Position,
    phone: String,
    ownership: String,
    features: String,
    /// By kind, from single rooms on.
    rooms: Vec<(usize, Room)>,
    sample: String,
}

#[derive(Debug)]
struct Room {
    care_levels: BTreeSet<u32>,
    monthly_yuan: u32,
    maximum: u32,
    occupied: u32,
}

impl Row {
    fn beds(&self) -> u32 {
        self.rooms.iter().map(|(_, room)| room.maximum).sum()
    }

    fn is_central(&self) -> bool {
        self.division_code.as_str() < "310112"
    }
}

/// The homes of a file, which quotes nothing.
fn read(csv: &str) -> Vec<Row> {
    assert!(csv.starts_with(HEADER) && csv.ends_with('\n') && !csv.contains('"'));
    csv.lines().skip(1).map(read_row).collect()
}

fn read_row(line: &str) -> Row {
    let cells: Vec<_> = line.split(',').collect();
    assert_eq!(cells.len(), HEADER.split(',').count(), "{line}");
    let room = |cells: &[&str]| {
        (!cells.concat().is_empty()).then(|| Room {
            care_levels: care_levels(cells[0]),
            monthly_yuan: cells[1].parse().unwrap(),
            maximum: cells[2].parse().unwrap(),
            occupied: cells[3].parse().unwrap(),
        })
    };
    let rooms = cells[10..26].chunks(4).map(room).enumerate();
    Row {
        id: cells[0].to_owned(),
        name: cells[1].to_owned(),
        operator: cells[2].to_owned(),
        division_code: cells[3].parse().unwrap(),
        address: cells[4].to_owned(),
        location: Position { lat: cells[5].parse().unwrap(), lon: cells[6].parse().unwrap() },
        phone: cells[7].to_owned(),
        ownership: cells[8].to_owned(),
        features: cells[9].to_owned(),
        rooms: rooms.filter_map(|(kind, room)| Some((kind, room?))).collect(),
        sample: cells[26].to_owned(),
    }
}

fn care_levels(cell: &str) -> BTreeSet<u32> {
    match cell.split_once('-') {
        Some((low, high)) => (low.parse().unwrap()..=high.parse().unwrap()).collect(),
        None => cell.split('、').map(|level| level.parse().unwrap()).collect(),
    }
}

fn sample() -> Vec<Row> {
    let files = beds_sample(HOMES, SEED);
    assert_eq!(files.len(), 1, "the load is taken in whole or not at all");
    read(&files[0])
}

fn lies_in_its_district_and_says_that_it_is_made_up(home: &Row) {
    let district = home.division_code.district();
    let outline = outlines().iter().find(|outline| outline.code == district).unwrap();
    assert!(outline.contains(&home.location) && outline.bounds().contains(&home.location), "{home:?}");
    assert!(city_bounds().contains(&home.location), "{home:?}");
    assert!(home.name.ends_with("养老院(样例)") && home.operator.starts_with("样例运营单位"), "{home:?}");
    assert!(home.address.contains("样例数据，非真实地址"), "{home:?}");
    assert!(home.phone.ends_with("00000000") && home.sample == "是", "{home:?}");
}

fn can_be(home: &Row) {
    assert!((1..=4).contains(&home.rooms.len()), "{home:?}");
    assert!((60..=600).contains(&home.beds()), "{home:?}");
    for (_, room) in &home.rooms {
        assert!(room.maximum > 0 && room.occupied <= room.maximum, "{home:?}");
        assert!(room.occupied * 100 >= room.maximum * 80, "{home:?}");
        assert!((3_000..=12_000).contains(&room.monthly_yuan), "{home:?}");
        assert!(!room.care_levels.is_empty() && room.care_levels.iter().all(|level| *level <= 6), "{home:?}");
    }
    let falls = home.rooms.is_sorted_by(|(_, fewer), (_, more)| fewer.monthly_yuan > more.monthly_yuan);
    assert!(falls, "sharing must cost less: {home:?}");
}

#[test]
fn the_sample_has_about_as_many_homes_and_beds_as_the_city() {
    let homes = sample();
    assert_eq!(homes.len(), HOMES);
    let beds: u32 = homes.iter().map(Row::beds).sum();
    assert!((148_000..=152_000).contains(&beds), "{beds}");
    for home in &homes {
        lies_in_its_district_and_says_that_it_is_made_up(home);
        can_be(home);
    }
}

#[test]
fn names_and_ids_say_the_subdistrict_and_belong_to_one_home_each() {
    let homes = sample();
    let is_slug = |id: &str| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    assert!(homes.iter().all(|home| is_slug(&home.id)));
    assert_eq!(homes.iter().map(|home| &home.id).collect::<BTreeSet<_>>().len(), HOMES);
    assert_eq!(homes.iter().map(|home| &home.name).collect::<BTreeSet<_>>().len(), HOMES);
    let named = |id: &str| homes.iter().find(|home| home.id == id).unwrap().name.clone();
    assert_eq!(named("sample-310101013-00001"), "外滩街道养老院(样例)");
    assert_eq!(named("sample-310101013-00002"), "外滩街道第二养老院(样例)");
}

#[test]
fn every_district_has_rooms_of_every_kind_and_for_every_care_level_some_of_them_free() {
    let homes = sample();
    for outline in outlines() {
        let own = homes.iter().filter(|home| outline.code.contains(&home.division_code));
        let rooms: Vec<_> = own.flat_map(|home| &home.rooms).collect();
        for kind in 0..4 {
            assert!(rooms.iter().any(|(of, _)| *of == kind), "{} {kind}", outline.name);
        }
        for level in 0..=6 {
            let mut fitting = rooms.iter().filter(|(_, room)| room.care_levels.contains(&level));
            assert!(fitting.any(|(_, room)| room.occupied < room.maximum), "{} {level}", outline.name);
        }
        assert!(rooms.iter().any(|(_, room)| room.occupied == room.maximum), "{}", outline.name);
    }
}

#[test]
fn homes_are_larger_outside_the_centre_and_cost_more_inside_it() {
    let homes = sample();
    let mean = |central: bool, of: fn(&Row) -> Option<u32>| {
        let numbers: Vec<_> =
            homes.iter().filter(|home| home.is_central() == central).filter_map(of).collect();
        numbers.iter().sum::<u32>() / u32::try_from(numbers.len()).unwrap()
    };
    let beds = |home: &Row| Some(home.beds());
    let single =
        |home: &Row| home.rooms.iter().find(|(kind, _)| *kind == 0).map(|(_, room)| room.monthly_yuan);
    assert!(mean(false, beds) > mean(true, beds));
    assert!(mean(true, single) > mean(false, single) + 1_000);
}

#[test]
fn a_fifth_of_the_homes_is_public_half_is_private_and_every_feature_appears() {
    let homes = sample();
    let percent = |is: &dyn Fn(&Row) -> bool| homes.iter().filter(|home| is(home)).count() * 100 / HOMES;
    for (word, expected) in [("公办", 20), ("公建民营", 30), ("民办", 50)] {
        assert!(percent(&|home| home.ownership == word).abs_diff(expected) <= 5, "{word}");
    }
    for word in ["认知症照护", "长护险定点", "内设医疗机构", "短期托养", "日间照料", "助餐服务"]
    {
        assert!((20..75).contains(&percent(&|home| home.features.contains(word))), "{word}");
    }
}

#[test]
fn a_seed_gives_the_same_homes_each_time_and_another_gives_others() {
    assert_eq!(beds_sample(300, 1), beds_sample(300, 1));
    assert_ne!(beds_sample(300, 1), beds_sample(300, 2));
}

#[test]
fn twenty_thousand_homes_fill_files_within_the_limits_of_the_import() {
    let files = beds_sample(20_000, 1);
    let mut ids = BTreeSet::new();
    for file in &files {
        assert!(file.len() < MOST_BYTES, "{}", file.len());
        let homes = read(file);
        assert!((1..=MOST_ROWS).contains(&homes.len()));
        for home in homes {
            lies_in_its_district_and_says_that_it_is_made_up(&home);
            can_be(&home);
            assert!(ids.insert(home.id));
        }
    }
    assert_eq!(ids.len(), 20_000);
}
