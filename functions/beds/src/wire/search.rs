use serde::Serialize;
use serde_json::Value;
use shared::{
    divisions::DivisionCode,
    input::{FOREIGN_CURSOR, Object, Rejection, choice, division_code, integer, parsed, text},
    map::{Area, Rank, Walk},
    width::narrow,
};
use utoipa::ToSchema;

use super::{Institution, care_level};
use crate::domain::{
    CareLevel, Feature, Features, Household, MOST_BEDS, MOST_MONTHLY_FEN, Ownership, RoomFilter, RoomType,
    Search, Sort,
};

/// 养老机构一览 · Institutions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Institutions {
    /// The institutions, in the order asked for.
    pub items: Vec<Institution>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// GeoJSON (RFC 7946), with `next_cursor` as a foreign member.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeatureCollection {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    #[schema(example = "FeatureCollection")]
    pub kind: String,
    /// The institutions.
    pub features: Vec<GeoFeature>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// An institution as a GeoJSON feature.
#[derive(Debug, Serialize, ToSchema)]
pub struct GeoFeature {
    /// `Feature`.
    #[serde(rename = "type")]
    #[schema(example = "Feature")]
    pub kind: String,
    /// The institution's id.
    pub id: String,
    /// Where it is.
    pub geometry: Geometry,
    /// All of it.
    pub properties: Institution,
}

/// A GeoJSON point.
#[derive(Debug, Serialize, ToSchema)]
pub struct Geometry {
    /// `Point`.
    #[serde(rename = "type")]
    #[schema(example = "Point")]
    pub kind: String,
    /// Longitude, latitude.
    #[schema(example = json!([121.4737, 31.2304]))]
    pub coordinates: Vec<f64>,
}

/// 排序 · In which order institutions are wanted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// 距离 · The nearest first.
    Distance,
    /// 价格 · The cheapest room that fits first.
    Price,
    /// 空床 · The most vacant beds that fit first.
    Available,
}

const SORTS: &[(&str, Sort)] =
    &[("distance", Sort::Distance), ("price", Sort::Price), ("available", Sort::Available)];

/// What `GET /institutions` and `GET /institutions.geojson` are asked for.
pub struct InstitutionsQuery {
    /// The filters and the page.
    pub search: Search,
    /// Whom the subsidy is worked out for.
    pub household: Option<Household>,
}

impl InstitutionsQuery {
    /// Reads the query; `most` is the largest page, `usual` the page where none is asked for.
    pub fn read(q: &Object<'_>, (usual, most): (i64, i64)) -> Option<Self> {
        let area = Area::read(q);
        let household = q.optional("household_division_code", division_code);
        let rooms = read_room_filter(q);
        let features = q.optional("feature", features);
        let ownership = q.optional("ownership", choice(Ownership::WORDS));
        let text = q.optional("q", text(1..=100));
        let sort = q.optional("sort", choice(SORTS));
        let limit = q.optional("limit", integer(1..=most));
        let cursor = q.optional("cursor", parsed(Rank::read));
        let (area, sort, rooms, cursor) = (area?, sort?, rooms?, cursor?);
        let has_near = area.near().is_some();
        if sort == Some(Sort::Distance) && !has_near {
            let reason = "按距离排序须提供 near。";
            q.reject("sort", Rejection::new("near_missing", reason, "This needs near beside it."));
            return None;
        }
        let sort = sort.unwrap_or(if has_near { Sort::Distance } else { Sort::AsMet });
        if cursor.as_ref().is_some_and(|(of, _)| *of != letter(sort)) {
            q.reject("cursor", FOREIGN_CURSOR);
            return None;
        }
        let walk = Walk {
            area,
            by: sort.by(),
            after: cursor.map(|(_, rank)| rank),
            limit: usize::try_from(limit?.unwrap_or(usual)).ok()?,
        };
        let search = Search {
            walk,
            rooms,
            features: Features::new(&features?.unwrap_or_default()),
            ownership: ownership?,
            text: text?.map(|text| narrow(&text)),
            sort,
        };
        Some(Self { household: household_of(rooms.care_level, household?), search })
    }
}

/// Reads what a search asks of rooms.
fn read_room_filter(q: &Object<'_>) -> Option<RoomFilter> {
    let care_level = q.optional("care_level", care_level);
    let room_type = q.optional("room_type", choice(RoomType::WORDS));
    let max_monthly_fen = q.optional("max_monthly_fen", integer(0..=MOST_MONTHLY_FEN));
    let min_available = q.optional("min_available", integer(0..=MOST_BEDS));
    Some(RoomFilter {
        care_level: care_level?,
        room_type: room_type?,
        max_monthly_fen: max_monthly_fen?,
        min_available: min_available?,
    })
}

/// What `GET /institutions/{id}` is asked for.
pub fn read_question(q: &Object<'_>) -> Option<(RoomFilter, Option<Household>)> {
    let care_level = q.optional("care_level", care_level);
    let household = q.optional("household_division_code", division_code);
    let care_level = care_level?;
    let rooms = RoomFilter { care_level, ..RoomFilter::default() };
    Some((rooms, household_of(care_level, household?)))
}

fn household_of(care_level: Option<CareLevel>, division: Option<DivisionCode>) -> Option<Household> {
    let (care_level, division) = care_level.zip(division)?;
    Some(Household { care_level, division })
}

/// Features with commas between them.
fn features(value: &Value) -> Result<Vec<Feature>, Rejection> {
    let words = text(1..=200)(value)?;
    words.split(',').map(|word| choice(Feature::WORDS)(&Value::from(word.trim()))).collect()
}

/// The letter of a sort in cursors.
pub(super) fn letter(sort: Sort) -> char {
    match sort {
        Sort::AsMet => 'm',
        Sort::Distance => 'd',
        Sort::Price => 'p',
        Sort::Available => 'a',
    }
}
