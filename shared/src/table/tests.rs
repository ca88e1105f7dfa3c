//! Tests of reading and writing tables.

use super::*;
use crate::geo::Position;

mod cells;
mod decoding;
mod faults;
mod files;

const COLUMNS: &[Column; 8] = &[
    Column::required("id", "编号", &[]),
    Column::required("full_name", "名称", &["title"]),
    Column::optional("fee", "月费（元）", &[]),
    Column::optional("places", "床位数", &[]),
    Column::optional("kinds", "类型", &[]),
    Column::optional("lat", "纬度", &[]),
    Column::optional("lon", "经度", &[]),
    Column::optional("open", "开放", &[]),
];
const HEADER: &str = "id,full_name,fee,places,kinds,lat,lon,open\n";
const GOOD: &str = "a-1,样例,5000.5,12,red、淡蓝,31.24,121.49,是";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Red,
    PaleBlue,
}

const KINDS: &[(&str, Kind)] = &[("red", Kind::Red), ("pale_blue", Kind::PaleBlue)];

fn name_zh(kind: Kind) -> &'static str {
    if kind == Kind::Red { "红" } else { "淡蓝" }
}

#[derive(Clone, Debug, PartialEq)]
struct Thing {
    id: String,
    name: String,
    fee: Option<i64>,
    places: Option<i64>,
    kinds: Option<Vec<Kind>>,
    place: Option<Position>,
    is_open: Option<bool>,
}

fn things(text: &str) -> Table<Thing> {
    read(text, COLUMNS, |row| {
        let id = row.id("id");
        let name = row.required("full_name", super::text(5));
        let fee = row.optional("fee", yuan(0..=10_000_000));
        let places = row.optional("places", integer(0..=100));
        let kinds = row.words("kinds", KINDS, name_zh);
        let has_place = row.optional("lat", number).flatten().is_some();
        let place = if has_place { row.position("lat", "lon").map(Some) } else { Some(None) };
        let is_open = row.optional("open", yes_or_no);
        let (id, name, fee, places) = (id?, name?, fee?, places?);
        Some(Thing { id, name, fee, places, kinds: kinds?, place: place?, is_open: is_open? })
    })
}

/// The file's only row.
fn only(text: &str) -> Thing {
    let table = things(text);
    assert_eq!(table.faults, []);
    assert_eq!((table.rows.len(), table.count), (1, 1));
    table.rows.into_iter().next().unwrap().1
}

fn good() -> Thing {
    Thing {
        id: "a-1".to_owned(),
        name: "样例".to_owned(),
        fee: Some(500_050),
        places: Some(12),
        kinds: Some(vec![Kind::Red, Kind::PaleBlue]),
        place: Some(Position { lat: 31.24, lon: 121.49 }),
        is_open: Some(true),
    }
}

/// A row like the good one but for one cell.
fn row_with(index: usize, cell: &str) -> String {
    let mut cells: Vec<&str> = GOOD.split(',').collect();
    cells[index] = cell;
    cells.join(",")
}

/// Line, column and code of every fault.
fn faults(text: &str) -> Vec<(u64, String, &'static str)> {
    things(text).faults.into_iter().map(|fault| (fault.line, fault.column, fault.code)).collect()
}

#[track_caller]
fn expect(text: &str, expected: &[(u64, &str, &str)]) {
    let found = faults(text);
    let found: Vec<_> = found.iter().map(|(line, column, code)| (*line, column.as_str(), *code)).collect();
    assert_eq!(found, expected, "{text}");
}

/// The result of a future that never waits.
fn now<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it waits"),
    }
}
