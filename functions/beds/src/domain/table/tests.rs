use proptest::prelude::*;
use shared::{divisions::DivisionCode, geo::Position, table::Writer};

use super::*;

const HEADER: &str = "编号,名称,运营单位,区划代码,地址,纬度,经度,电话,性质,服务特色,单人间照护等级,单人间月费(元),单人间床位数,单人间已入住\n";

fn row(rooms: &str) -> Table<Home> {
    read_homes(&format!(
        "{HEADER}h-1,样例院,样例单位,310101013,样例路1号,31.24,121.49,021-63210000,公办,助餐服务,{rooms}\n"
    ))
}

fn faults(table: &Table<Home>) -> Vec<(&str, &str)> {
    table.faults.iter().map(|fault| (fault.column.as_str(), fault.code)).collect()
}

#[test]
fn a_row_is_an_institution_with_the_room_types_that_are_filled_in() {
    let table = row("0-3,5000.50,20,18");
    assert_eq!(table.faults, []);
    let (_, home) = &table.rows[0];
    assert_eq!((home.ownership, home.features.as_slice()), (Ownership::Public, [Feature::Meals].as_slice()));
    let room = RoomPlan {
        room_type: RoomType::Single,
        care_levels: CareLevels::new(&CareLevel::ALL[..4]),
        monthly_fen: 500_050,
        maximum: 20,
        occupied: 18,
    };
    assert_eq!(home.rooms, [room]);
}

#[test]
fn every_fault_of_the_rooms_is_named_at_once() {
    assert_eq!(faults(&row(",,,")), [("编号", "no_rooms")]);
    assert_eq!(faults(&row(",,20,")), [("单人间照护等级", "required"), ("单人间月费(元)", "required")]);
    assert_eq!(faults(&row("0-3,5000,20,21")), [("单人间已入住", "counts_inconsistent")]);
    assert_eq!(
        faults(&row("3-1,\"5,000\",x,-1")),
        [
            ("单人间照护等级", "care_levels"),
            ("单人间月费(元)", "money"),
            ("单人间床位数", "number"),
            ("单人间已入住", "out_of_range"),
        ]
    );
}

#[test]
fn care_levels_are_read_as_people_write_them() {
    let of = |cell: &str| levels(cell).map(|levels| levels.iter().map(CareLevel::number).collect::<Vec<_>>());
    for cell in ["0-2;5", "0、1、2、5", "０至２，5", "5|0-2", "0—2,5"] {
        assert_eq!(of(cell).unwrap(), [0, 1, 2, 5], "{cell}");
    }
    for wrong in ["7", "2-1", "a", "0-", "", "00", "1.5"] {
        assert_eq!(of(wrong).unwrap_err().code, "care_levels", "{wrong}");
    }
}

fn rooms() -> impl Strategy<Value = Vec<RoomPlan>> {
    let room = (1..128_u8, 0..10_000_000_i64, 0..500_i64, 0..500_i64);
    prop::collection::vec(prop::option::of(room), 4).prop_map(|rooms| {
        let plan = |(kind, room): (usize, Option<(u8, i64, i64, i64)>)| {
            let (bits, monthly_fen, maximum, occupied) = room?;
            let levels = CareLevel::ALL.into_iter().filter(|level| bits >> level.number() & 1 == 1);
            Some(RoomPlan {
                room_type: RoomType::WORDS[kind].1,
                care_levels: CareLevels::new(&levels.collect::<Vec<_>>()),
                monthly_fen,
                maximum,
                occupied: occupied.min(maximum),
            })
        };
        rooms.into_iter().enumerate().filter_map(plan).collect()
    })
}

fn home() -> impl Strategy<Value = Home> {
    let features = prop::sample::subsequence(Feature::WORDS, 0..=Feature::WORDS.len());
    let rooms = rooms().prop_filter("an institution has rooms", |rooms| !rooms.is_empty());
    (rooms, 0..3_usize, features, any::<bool>()).prop_map(|(rooms, ownership, features, sample)| Home {
        id: String::new(),
        name: "=样例,\"院\"".to_owned(),
        operator: "样例单位".to_owned(),
        division_code: DivisionCode::parse("310101013").unwrap(),
        address: "样例路1号".to_owned(),
        location: Position { lat: 31.24, lon: 121.49 },
        phone: "02163210000".to_owned(),
        ownership: Ownership::WORDS[ownership].1,
        features: features.into_iter().map(|(_, feature)| feature).collect(),
        rooms,
        sample,
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(mut homes in prop::collection::vec(home(), 1..6)) {
        for (n, home) in homes.iter_mut().enumerate() {
            home.id = format!("h-{n}");
        }
        let mut writer = Writer::new(HOME_COLUMNS).unwrap();
        for home in &homes {
            writer.push(&home_cells(home.clone())).unwrap();
        }
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        let table = read_homes(text.trim_start_matches('\u{feff}'));
        prop_assert_eq!(&table.faults, &[]);
        let read: Vec<_> = table.rows.into_iter().map(|(_, home)| home).collect();
        prop_assert_eq!(read, homes);
    }
}
