//! Rows as an operator of donation points writes them.

use chrono::{Days, NaiveDate};
use shared::{
    divisions::{Division, full_name},
    geo::Position,
};

use crate::seed::{PHONE, address, csv, random::Random};

/// The first line.
pub(super) const HEADER: &str = "编号,名称,运营单位,区划代码,地址,纬度,经度,电话,开放时间,接收物品,样例\n";

/// Patterns of opening hours, each with how many of a hundred points have it.
pub(super) const HOURS: [(u32, &str); 8] = [
    (28, "周一至周五 9:00-11:30、13:30-17:00"),
    (14, "周一至周五 8:30-17:30;周六 9:00-12:00"),
    (14, "周二至周日 10:00-18:00;节假日 10:00-16:00"),
    (14, "每天 9:00-20:00;节假日 9:00-17:00"),
    (9, "周末 9:00-16:00;调休上班日 休息"),
    (8, "周一、三、五 13:30-19:00"),
    (7, "每天 7:00-11:00、15:00-19:00;节假日 休息"),
    (6, "全年无休"),
];

/// The items, each with how many of a hundred points take it.
const ITEMS: [(u32, &str); 10] = [
    (95, "衣物"),
    (92, "图书"),
    (45, "被褥"),
    (40, "文具"),
    (35, "玩具"),
    (22, "电器"),
    (14, "家具"),
    (15, "医疗用品"),
    (28, "食品"),
    (8, "现金"),
];

/// What else than that it is taken may be said of an item, each with how many of a hundred it is said of.
const STATES: [(u32, &str); 3] = [(10, "急需"), (9, "已满"), (5, "暂停")];

/// What differs from point to point but isn't left to chance.
pub(super) struct Point {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) subdistrict: &'static Division,
    pub(super) at: Position,
}

/// The row of a point; hours and items are left to chance.
pub(super) fn row(point: &Point, random: &mut Random, today: NaiveDate) -> String {
    let place = full_name(&point.subdistrict.code).unwrap_or_default();
    csv::row(&[
        &point.id,
        &point.name,
        &format!("{place}(样例)"),
        point.subdistrict.code.as_str(),
        &address(&point.subdistrict.code),
        &point.at.lat.to_string(),
        &point.at.lon.to_string(),
        PHONE,
        random.one_of(&HOURS).unwrap_or("全年无休"),
        &items(random, today),
        "是",
    ])
}

/// Such as `衣物、图书=已满@2026-12-31`.
fn items(random: &mut Random, today: NaiveDate) -> String {
    let mut cell = String::new();
    for (percent, item) in ITEMS {
        if !random.happens(percent) {
            continue;
        }
        if !cell.is_empty() {
            cell.push('、');
        }
        cell.push_str(item);
        let Some(state) = random.one_of(&STATES) else { continue };
        cell.extend(["=", state]);
        let days = 7 + random.below(28);
        if random.below(2) == 0 {
            let last = today.checked_add_days(Days::new(days.into())).unwrap_or(today);
            cell.extend(["@", &last.to_string()]);
        }
    }
    if cell.is_empty() { "无".to_owned() } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_of_hours_make_a_hundred() {
        assert_eq!(HOURS.iter().map(|(percent, _)| percent).sum::<u32>(), 100);
    }
}
