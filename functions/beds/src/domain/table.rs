//! Institutions as CSV, one row each, the form in which a bureau keeps them: see [`shared::table`].

use shared::{
    input::Rejection,
    table::{self, Column, Row, Table, yes_or_no_text},
    width::narrow,
};

use super::{
    CareLevel, CareLevels, Feature, Home, MOST_BEDS, MOST_MONTHLY_FEN, Ownership, RoomPlan, RoomType,
    more_occupied_than_beds,
};

#[cfg(test)]
mod tests;

/// The columns, in the order in which they are written. A room type has four: an institution has those of which care
/// levels, price and beds are filled in.
pub const HOME_COLUMNS: &[Column; 27] = &[
    Column::required("id", "编号", &[]),
    Column::required("name", "名称", &["机构名称"]),
    Column::required("operator", "运营单位", &["举办单位"]),
    Column::required("division_code", "区划代码", &["行政区划代码", "行政区划"]),
    Column::required("address", "地址", &[]),
    Column::required("lat", "纬度", &["latitude"]),
    Column::required("lon", "经度", &["longitude", "lng"]),
    Column::required("phone", "电话", &["联系电话"]),
    Column::required("ownership", "性质", &["机构性质"]),
    Column::optional("features", "服务特色", &["特色"]),
    Column::optional("single_care_levels", "单人间照护等级", &[]),
    Column::optional("single_monthly_yuan", "单人间月费(元)", &["单人间月费"]),
    Column::optional("single_maximum", "单人间床位数", &[]),
    Column::optional("single_occupied", "单人间已入住", &[]),
    Column::optional("double_care_levels", "双人间照护等级", &[]),
    Column::optional("double_monthly_yuan", "双人间月费(元)", &["双人间月费"]),
    Column::optional("double_maximum", "双人间床位数", &[]),
    Column::optional("double_occupied", "双人间已入住", &[]),
    Column::optional("triple_care_levels", "三人间照护等级", &[]),
    Column::optional("triple_monthly_yuan", "三人间月费(元)", &["三人间月费"]),
    Column::optional("triple_maximum", "三人间床位数", &[]),
    Column::optional("triple_occupied", "三人间已入住", &[]),
    Column::optional("multiple_care_levels", "多人间照护等级", &[]),
    Column::optional("multiple_monthly_yuan", "多人间月费(元)", &["多人间月费"]),
    Column::optional("multiple_maximum", "多人间床位数", &[]),
    Column::optional("multiple_occupied", "多人间已入住", &[]),
    Column::optional("sample", "样例", &[]),
];

/// The columns of each room type: care levels, monthly price, beds, occupied beds.
const ROOM_COLUMNS: [(RoomType, [&str; 4]); 4] = [
    (RoomType::Single, ["single_care_levels", "single_monthly_yuan", "single_maximum", "single_occupied"]),
    (RoomType::Double, ["double_care_levels", "double_monthly_yuan", "double_maximum", "double_occupied"]),
    (RoomType::Triple, ["triple_care_levels", "triple_monthly_yuan", "triple_maximum", "triple_occupied"]),
    (
        RoomType::Multiple,
        ["multiple_care_levels", "multiple_monthly_yuan", "multiple_maximum", "multiple_occupied"],
    ),
];

/// Reads the institutions of a file.
///
/// Codes of the faults: those of [`table::read`]; of cells: `required`, `characters`, `length`, `id`, `repeated`,
/// `division_code`, `number`, `outside_city`, `phone`, `unknown_value`, `count`, `care_levels`, `money`, `out_of_range`,
/// `counts_inconsistent`, `no_rooms`.
#[must_use]
pub fn read_homes(text: &str) -> Table<Home> {
    table::read(text, HOME_COLUMNS, |row: &mut Row<'_>| {
        let id = row.id("id");
        let name = row.required("name", table::text(80));
        let operator = row.required("operator", table::text(80));
        let division_code = row.required("division_code", table::division_code);
        let address = row.required("address", table::text(200));
        let location = row.position("lat", "lon");
        let phone = row.required("phone", table::phone);
        let ownership = row.required("ownership", table::choice(Ownership::WORDS, Ownership::name_zh));
        let features = row.words("features", Feature::WORDS, Feature::name_zh);
        let rooms: Vec<Option<Option<RoomPlan>>> =
            ROOM_COLUMNS.iter().map(|(room_type, columns)| read_room(row, *room_type, columns)).collect();
        let rooms: Option<Vec<Option<RoomPlan>>> = rooms.into_iter().collect();
        let rooms = rooms.map(|rooms| rooms.into_iter().flatten().collect::<Vec<_>>());
        if rooms.as_ref().is_some_and(Vec::is_empty) {
            let reason = "至少填写一种房型的照护等级、月费和床位数。";
            row.reject(
                "id",
                Rejection::new("no_rooms", reason, "Fill in the columns of one room type at least."),
            );
        }
        let sample = row.optional("sample", table::yes_or_no);
        Some(Home {
            id: id?,
            name: name?,
            operator: operator?,
            division_code: division_code?,
            address: address?,
            location: location?,
            phone: phone?,
            ownership: ownership?,
            features: features?.unwrap_or_default(),
            rooms: rooms?,
            sample: sample?.unwrap_or(false),
        })
    })
}

/// The rooms of one type, if the row has them; the outer `None` is a fault.
fn read_room(
    row: &mut Row<'_>,
    room_type: RoomType,
    columns: &[&'static str; 4],
) -> Option<Option<RoomPlan>> {
    let [care_levels, monthly, maximum, occupied] = *columns;
    let levels = row.optional(care_levels, levels);
    let monthly_fen = row.optional(monthly, table::yuan(0..=MOST_MONTHLY_FEN));
    let beds = row.optional(maximum, table::integer(0..=MOST_BEDS));
    let taken = row.optional(occupied, table::integer(0..=MOST_BEDS));
    let (levels, monthly_fen, beds, taken) = (levels?, monthly_fen?, beds?, taken?);
    if levels.is_none() && monthly_fen.is_none() && beds.is_none() && taken.is_none() {
        return Some(None);
    }
    let missing =
        [(care_levels, levels.is_none()), (monthly, monthly_fen.is_none()), (maximum, beds.is_none())];
    for (column, _) in missing.iter().filter(|(_, is_missing)| *is_missing) {
        let reason = "同一房型的照护等级、月费和床位数须一起填写。";
        row.reject(column, Rejection::new("required", reason, "Care levels, price and beds go together."));
    }
    let (care_levels, monthly_fen, maximum) = (levels?, monthly_fen?, beds?);
    let taken = taken.unwrap_or_default();
    if taken > maximum {
        row.reject(occupied, more_occupied_than_beds());
        return None;
    }
    Some(Some(RoomPlan { room_type, care_levels, monthly_fen, maximum, occupied: taken }))
}

/// Care levels and ranges of them: `0-3`, `2、4`, `0-2;6`.
fn levels(cell: &str) -> Result<CareLevels, Rejection> {
    const FAULT: Rejection = Rejection::new(
        "care_levels",
        "应为 0 至 6 的照护等级，如“0-3”或“2、4”。",
        "This has to be care levels from 0 to 6 such as 0-3 or 2;4.",
    );
    let cell = narrow(cell);
    let digit = |text: &str| {
        let level = match text.trim().as_bytes() {
            [digit @ b'0'..=b'9'] => CareLevel::new(i64::from(digit - b'0')),
            _ => None,
        };
        level.ok_or(FAULT)
    };
    let mut found = Vec::new();
    for part in cell.split([';', '、', '|', ',']) {
        let (from, to) = match part.split_once(['-', '–', '—', '~', '至', '到']) {
            Some((from, to)) => (digit(from)?, digit(to)?),
            None => (digit(part)?, digit(part)?),
        };
        if from > to {
            return Err(FAULT);
        }
        found.extend(CareLevel::ALL.iter().filter(|level| (from..=to).contains(level)));
    }
    Ok(CareLevels::new(&found))
}

/// Care levels as they are written: runs as ranges.
fn levels_text(levels: CareLevels) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for level in levels.iter().map(CareLevel::number) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == level => *last = level,
            _ => runs.push((level, level)),
        }
    }
    table::joined(runs.iter().map(|(from, to)| match to - from {
        0 => from.to_string(),
        _ => format!("{from}-{to}"),
    }))
}

/// The cells of an institution, for [`HOME_COLUMNS`].
#[must_use]
pub fn home_cells(home: Home) -> [String; 27] {
    let room = |room_type| {
        let found = home.rooms.iter().find(|room| room.room_type == room_type);
        found.map_or_else(<[String; 4]>::default, |room| {
            [
                levels_text(room.care_levels),
                table::yuan_text(room.monthly_fen),
                room.maximum.to_string(),
                room.occupied.to_string(),
            ]
        })
    };
    let [single_levels, single_price, single_beds, single_taken] = room(RoomType::Single);
    let [double_levels, double_price, double_beds, double_taken] = room(RoomType::Double);
    let [triple_levels, triple_price, triple_beds, triple_taken] = room(RoomType::Triple);
    let [multiple_levels, multiple_price, multiple_beds, multiple_taken] = room(RoomType::Multiple);
    [
        home.id,
        home.name,
        home.operator,
        home.division_code.to_string(),
        home.address,
        home.location.lat.to_string(),
        home.location.lon.to_string(),
        table::spreadsheet_phone(&home.phone),
        home.ownership.name_zh().to_owned(),
        table::joined(home.features.iter().map(|feature| feature.name_zh())),
        single_levels,
        single_price,
        single_beds,
        single_taken,
        double_levels,
        double_price,
        double_beds,
        double_taken,
        triple_levels,
        triple_price,
        triple_beds,
        triple_taken,
        multiple_levels,
        multiple_price,
        multiple_beds,
        multiple_taken,
        yes_or_no_text(home.sample).to_owned(),
    ]
}
