//! Rows as an operator of care homes writes them.

use super::home::{self, Home};
use crate::seed::{PHONE, address, crowd::Spot, csv, random::Random};

/// The first line.
pub(super) const HEADER: &str = "编号,名称,运营单位,区划代码,地址,纬度,经度,电话,性质,服务特色,\
    单人间照护等级,单人间月费(元),单人间床位数,单人间已入住,\
    双人间照护等级,双人间月费(元),双人间床位数,双人间已入住,\
    三人间照护等级,三人间月费(元),三人间床位数,三人间已入住,\
    多人间照护等级,多人间月费(元),多人间床位数,多人间已入住,样例\n";

/// How many made-up operators share the homes.
const OPERATORS: u32 = 60;

const OWNERSHIPS: [(u32, &str); 3] = [(20, "公办"), (30, "公建民营"), (50, "民办")];

/// What a home may have besides its rooms, each with how many of a hundred homes have it.
const FEATURES: [(u32, &str); 6] = [
    (35, "认知症照护"),
    (65, "长护险定点"),
    (30, "内设医疗机构"),
    (40, "短期托养"),
    (25, "日间照料"),
    (30, "助餐服务"),
];

/// The row of a home; what it offers is left to chance.
pub(super) fn row(spot: &Spot, random: &mut Random) -> String {
    let code = &spot.subdistrict.code;
    let mut cells = vec![
        spot.id(),
        format!("{}{}养老院(样例)", spot.subdistrict.name, ordinal(spot.number)),
        format!("样例运营单位{:02}", 1 + random.below(OPERATORS)),
        code.to_string(),
        address(code),
        spot.at.lat.to_string(),
        spot.at.lon.to_string(),
        PHONE.to_owned(),
        random.one_of(&OWNERSHIPS).unwrap_or("民办").to_owned(),
        features(random),
    ];
    let Home { rooms } = home::draw(&code.district(), random);
    for room in rooms {
        cells.extend(match room {
            Some(room) => [
                room.care_levels.to_owned(),
                room.monthly_yuan.to_string(),
                room.maximum.to_string(),
                room.occupied.to_string(),
            ],
            None => [const { String::new() }; 4],
        });
    }
    cells.push("是".to_owned());
    csv::row(&cells.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The first home of a sub-district needs no number, as is the custom.
fn ordinal(number: usize) -> String {
    const FIRST: [&str; 11] =
        ["", "", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十"];
    FIRST.get(number).map_or_else(|| format!("第{number}"), |word| (*word).to_owned())
}

/// Such as `认知症照护、助餐服务`; may be empty.
fn features(random: &mut Random) -> String {
    let chosen = FEATURES.into_iter().filter(|(percent, _)| random.happens(*percent));
    chosen.map(|(_, feature)| feature).collect::<Vec<_>>().join("、")
}
