use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    geo::Position,
    input::{Object, boolean, choice, division_code, integer, list, phone, position, text},
    instant::Instant,
    map::check_place,
};
use utoipa::ToSchema;

use super::{Moment, care_level};
use crate::domain::{
    self, CareLevel, CareLevels, Counts, Feature, Freshness, Home, MOST_BEDS, MOST_MONTHLY_FEN, Ownership,
    RoomFilter, RoomPlan, RoomType, Subsidy, more_occupied_than_beds, net_monthly_fen,
};

/// What of an institution no clock changes, but for its rooms.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// 名称 · Name.
    pub name: String,
    /// 运营单位 · Who runs it.
    pub operator: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String, example = "310101002")]
    pub division_code: DivisionCode,
    /// 地址 · Address.
    pub address: String,
    /// WGS 84.
    pub location: Position,
    /// 电话 · Telephone.
    pub phone: String,
    /// 性质 · Who owns it.
    pub ownership: Ownership,
    /// 服务特色 · What it offers.
    pub features: Vec<Feature>,
    /// 样例数据 · Sample data: this institution is made up.
    pub sample: bool,
}

/// 房型与床位 · The rooms of one type, and their beds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoomView {
    /// The type.
    pub room_type: RoomType,
    /// 照护等级 · Whom they suit: care levels 0 to 6.
    #[schema(value_type = Vec<u8>, example = json!([0, 1, 2]))]
    pub care_levels: Vec<CareLevel>,
    /// 月费 · What a bed costs a month, in fen.
    pub monthly_fen: i64,
    /// 床位数 · Beds.
    pub maximum: i64,
    /// 已入住 · Beds that somebody lies in.
    pub occupied: i64,
    /// 已保留 · Beds that are kept for open offers.
    pub reserved: i64,
    /// 空余床位 · The others: `maximum − occupied − reserved`. Where the counts are stale, searches take it for none.
    pub available: i64,
    /// 确认时间 · When the home last said so.
    pub confirmed_at: Instant,
    /// When the counts last changed.
    pub updated_at: Instant,
    /// How long ago they were confirmed.
    pub freshness: Freshness,
    /// What `If-Match` takes where the counts are changed.
    #[schema(example = "\"7\"")]
    pub etag: String,
    /// Whether these rooms are what the search asks for; only where it asks for something of rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matches: Option<bool>,
    /// 补贴后月费 · What is left to pay a month; only with `care_level` and `household_division_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub net_monthly_fen: Option<i64>,
}

/// What of an institution changes with its rooms, with time and with the question.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Now {
    /// The rooms, one entry a type.
    pub rooms: Vec<RoomView>,
    /// 空余床位合计 · Vacant beds in all rooms whose counts aren't stale.
    pub available: i64,
    /// The worst of its rooms.
    pub freshness: Freshness,
    /// 确认时间 · The oldest of its rooms.
    pub confirmed_at: Option<Instant>,
    /// Distance from `near` in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub distance_m: Option<u32>,
    /// 补贴 · Only with `care_level` and `household_division_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subsidy: Option<Subsidy>,
}

/// 养老机构 · An institution.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Institution {
    /// What stays.
    #[serde(flatten)]
    pub head: Head,
    /// What changes.
    #[serde(flatten)]
    pub now: Now,
}

impl Now {
    /// What rooms are at a moment, for a question.
    #[must_use]
    pub fn of(
        rooms: &[domain::Room],
        (filter, subsidy): (&RoomFilter, Option<Subsidy>),
        distance_m: Option<u32>,
        (ages, now): Moment,
    ) -> Self {
        let view = |room: &domain::Room| RoomView {
            room_type: room.room_type,
            care_levels: room.care_levels.iter().collect(),
            monthly_fen: room.monthly_fen,
            maximum: room.counts.maximum,
            occupied: room.counts.occupied,
            reserved: room.counts.reserved,
            available: room.counts.available,
            confirmed_at: Instant::at(room.counts.confirmed_at),
            updated_at: Instant::at(room.counts.updated_at),
            freshness: ages.freshness(room.counts.confirmed_at, now),
            etag: etag(room.counts.version),
            matches: filter.asks().then(|| filter.fits(room, ages, now)),
            net_monthly_fen: subsidy.as_ref().map(|subsidy| net_monthly_fen(room.monthly_fen, subsidy)),
        };
        let oldest = rooms.iter().map(|room| room.counts.confirmed_at).min();
        Self {
            rooms: rooms.iter().map(view).collect(),
            available: rooms.iter().map(|room| room.counts.vacant(ages, now)).sum(),
            freshness: oldest.map_or(Freshness::Stale, |oldest| ages.freshness(oldest, now)),
            confirmed_at: oldest.map(Instant::at),
            distance_m,
            subsidy,
        }
    }
}

/// 床位数 · The beds of one room type.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountsView {
    /// The institution.
    pub institution_id: String,
    /// The room type.
    pub room_type: RoomType,
    /// 床位数 · Beds.
    pub maximum: i64,
    /// 已入住 · Beds that somebody lies in.
    pub occupied: i64,
    /// 已保留 · Beds that are kept for open offers.
    pub reserved: i64,
    /// 空余床位 · The others.
    pub available: i64,
    /// How long ago they were confirmed.
    pub freshness: Freshness,
    /// 确认时间 · When the home last said so.
    pub confirmed_at: Instant,
    /// When they last changed.
    pub updated_at: Instant,
}

impl CountsView {
    /// What counts are at a moment.
    #[must_use]
    pub fn of(institution: &str, room_type: RoomType, counts: &Counts, (ages, now): Moment) -> Self {
        Self {
            institution_id: institution.to_owned(),
            room_type,
            maximum: counts.maximum,
            occupied: counts.occupied,
            reserved: counts.reserved,
            available: counts.available,
            freshness: ages.freshness(counts.confirmed_at, now),
            confirmed_at: Instant::at(counts.confirmed_at),
            updated_at: Instant::at(counts.updated_at),
        }
    }
}

/// The entity tag (RFC 9110) of counts of a version.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// What `PUT /institutions/{id}/rooms/{room_type}/counts` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct CountsInput {
    /// 床位数 · Beds.
    #[schema(minimum = 0, maximum = 10_000)]
    maximum: i64,
    /// 已入住 · Beds that somebody lies in, those of people who accepted an offer included.
    #[schema(minimum = 0, maximum = 10_000)]
    occupied: i64,
}

/// Reads the body of `PUT …/counts`: beds, and the occupied of them.
pub fn read_counts(o: &Object<'_>) -> Option<(i64, i64)> {
    let maximum = o.required("maximum", integer(0..=MOST_BEDS));
    let occupied = o.required("occupied", integer(0..=MOST_BEDS));
    consistent(o, maximum?, occupied?)
}

fn consistent(o: &Object<'_>, maximum: i64, occupied: i64) -> Option<(i64, i64)> {
    if occupied > maximum {
        o.reject("occupied", more_occupied_than_beds());
        return None;
    }
    Some((maximum, occupied))
}

/// What `PUT /institutions/{id}` takes of the rooms of one type.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct RoomInput {
    /// The type, each once.
    room_type: RoomType,
    /// 照护等级 · Whom they suit.
    #[schema(min_items = 1, max_items = 7, example = json!([0, 1, 2]))]
    care_levels: Vec<u8>,
    /// 月费 · What a bed costs a month, in fen.
    #[schema(minimum = 0, maximum = 10_000_000)]
    monthly_fen: i64,
    /// 床位数 · Beds; taken where the rooms are new, 0 where it isn't given.
    #[schema(nullable = false, minimum = 0, maximum = 10_000)]
    maximum: Option<i64>,
    /// 已入住 · Occupied beds; taken where the rooms are new, 0 where it isn't given.
    #[schema(nullable = false, minimum = 0, maximum = 10_000)]
    occupied: Option<i64>,
}

/// What `PUT /institutions/{id}` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct InstitutionInput {
    /// 名称 · Name.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// 运营单位 · Who runs it.
    #[schema(min_length = 1, max_length = 80)]
    operator: String,
    /// GB/T 2260 code of a district, sub-district or committee.
    #[schema(example = "310101002")]
    division_code: String,
    /// 地址 · Address.
    #[schema(min_length = 1, max_length = 200)]
    address: String,
    /// WGS 84, within the division's district.
    location: Position,
    /// 电话 · Telephone.
    phone: String,
    /// 性质 · Who owns it.
    ownership: Ownership,
    /// 服务特色 · What it offers, each once.
    #[schema(max_items = 6)]
    features: Vec<Feature>,
    /// Its rooms, one entry a type. A type that is left out goes, unless it is in use.
    #[schema(min_items = 1, max_items = 4)]
    rooms: Vec<RoomInput>,
    /// 样例数据 · Whether it is made up.
    #[serde(default)]
    sample: bool,
}

/// Reads the body of `PUT /institutions/{id}`.
pub fn read_home(id: &str, o: &Object<'_>) -> Option<Home> {
    let name = o.required("name", text(1..=80));
    let operator = o.required("operator", text(1..=80));
    let division_code = o.required("division_code", division_code);
    let address = o.required("address", text(1..=200));
    let location = o.required("location", position);
    let phone = o.required("phone", phone);
    let ownership = o.required("ownership", choice(Ownership::WORDS));
    let features = o.required("features", list(0..=Feature::WORDS.len(), choice(Feature::WORDS)));
    let rooms = o.required_objects("rooms", 1..=RoomType::WORDS.len(), read_room);
    let rooms = rooms
        .filter(|rooms: &Vec<RoomPlan>| o.all_different("rooms", rooms.iter().map(|room| room.room_type)));
    let sample = o.optional("sample", boolean);
    let (division_code, location) = (division_code?, location?.rounded());
    if let Err(rejection) = check_place(&division_code, location) {
        o.reject(if rejection.code == "division_code" { "division_code" } else { "location" }, rejection);
        return None;
    }
    Some(Home {
        id: id.to_owned(),
        name: name?,
        operator: operator?,
        division_code,
        address: address?,
        location,
        phone: phone?,
        ownership: ownership?,
        features: features?,
        rooms: rooms?,
        sample: sample?.unwrap_or(false),
    })
}

fn read_room(o: &Object<'_>) -> Option<RoomPlan> {
    let room_type = o.required("room_type", choice(RoomType::WORDS));
    let care_levels = o.required("care_levels", list(1..=CareLevel::ALL.len(), care_level));
    let monthly_fen = o.required("monthly_fen", integer(0..=MOST_MONTHLY_FEN));
    let maximum = o.optional("maximum", integer(0..=MOST_BEDS));
    let occupied = o.optional("occupied", integer(0..=MOST_BEDS));
    let (maximum, occupied) = consistent(o, maximum?.unwrap_or_default(), occupied?.unwrap_or_default())?;
    Some(RoomPlan {
        room_type: room_type?,
        care_levels: CareLevels::new(&care_levels?),
        monthly_fen: monthly_fen?,
        maximum,
        occupied,
    })
}

/// 各区床位 · The beds of a district, or of the city.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Supply {
    /// 机构数 · Institutions.
    pub institutions: i64,
    /// 床位数 · Beds.
    pub maximum: i64,
    /// 已入住 · Occupied beds.
    pub occupied: i64,
    /// 已保留 · Beds kept for open offers.
    pub reserved: i64,
    /// 空余床位 · Vacant beds whose counts aren't stale.
    pub available: i64,
    /// 信息已过时的机构 · Institutions with stale counts.
    pub stale_institutions: i64,
    /// 确认时间 · The oldest confirmation among them.
    pub confirmed_at: Option<Instant>,
}

/// One district of a [`Summary`].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DistrictSupply {
    /// GB/T 2260.
    pub division_code: String,
    /// 区名 · Its name.
    pub name: String,
    /// Its beds.
    #[serde(flatten)]
    pub supply: Supply,
}

/// 床位汇总 · Beds by district, for everybody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Summary {
    /// `district`.
    #[schema(example = "district")]
    pub by: &'static str,
    /// Every district that has an institution.
    pub items: Vec<DistrictSupply>,
    /// All of them together.
    pub total: Supply,
}
