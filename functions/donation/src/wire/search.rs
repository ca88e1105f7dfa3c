use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use shared::{
    geo::{self, BoundingBox, Position},
    input::{Object, Rejection, boolean, choice, division_code, instant, integer, parsed, position, text},
};
use utoipa::ToSchema;

use super::{Moment, Point};
use crate::domain::{Item, Rank, Search, match_expression};

/// The largest radius, in metres: beyond the city's diameter.
const LARGEST_RADIUS_M: i64 = 150_000;
/// How far outside the city's box somebody may stand who asks for the nearest point, in degrees: about fifty kilometres.
const NEIGHBOURHOOD: f64 = 0.5;

/// 捐赠接收点一览 · Donation points.
#[derive(Debug, Serialize, ToSchema)]
pub struct Points {
    /// The points, nearest first where `near` is given.
    pub items: Vec<Point>,
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
    /// The points.
    pub features: Vec<Feature>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A point as a GeoJSON feature.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feature {
    /// `Feature`.
    #[serde(rename = "type")]
    #[schema(example = "Feature")]
    pub kind: String,
    /// The point's id.
    pub id: String,
    /// Where it is.
    pub geometry: Geometry,
    /// All of it.
    pub properties: Point,
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

/// What `GET /points` and `GET /points.geojson` are asked for.
pub struct PointsQuery {
    /// The filters and the page.
    pub search: Search,
    /// The FTS5 expression of the free text.
    pub text: Option<String>,
}

impl PointsQuery {
    /// Reads the query; `most` is the largest page, `usual` the page where none is asked for.
    pub fn read(q: &Object<'_>, (usual, most): (i64, i64), moment: Moment) -> Option<Self> {
        let near = q.optional("near", near);
        let radius_m = q.optional("radius_m", integer(1..=LARGEST_RADIUS_M));
        let bbox = q.optional("bbox", parsed(bbox));
        let division = q.optional("division_code", division_code);
        let item = q.optional("item", choice(Item::WORDS));
        let open_at = q.optional("open_at", |value| open_at(value, moment.now));
        let text = q.optional("q", searchable);
        let stale = q.optional("stale", boolean);
        let limit = q.optional("limit", integer(1..=most));
        let cursor = q.optional("cursor", parsed(cursor));
        let (near, radius_m, cursor) = (near?, radius_m?, cursor?);
        if radius_m.is_some() && near.is_none() {
            q.reject(
                "radius_m",
                Rejection::new("near_missing", "须与 near 一起使用。", "This needs near beside it."),
            );
            return None;
        }
        if cursor.as_ref().is_some_and(|rank| rank.cell.is_empty() != near.is_some()) {
            q.reject("cursor", FOREIGN_CURSOR);
            return None;
        }
        let search = Search {
            near,
            radius_m: radius_m.and_then(|radius| u32::try_from(radius).ok()),
            bbox: bbox?,
            division: division?,
            item: item?,
            open_at: open_at?,
            stale: stale?.map(|stale| (stale, moment.now.timestamp() - moment.stale_after_s)),
            after: cursor,
            limit: usize::try_from(limit?.unwrap_or(usual)).ok()?,
        };
        Some(Self { search, text: text? })
    }
}

const FOREIGN_CURSOR: Rejection = Rejection::new(
    "cursor",
    "应为上一页返回的 next_cursor。",
    "This has to be the next_cursor of a page before.",
);

fn near(value: &Value) -> Result<Position, Rejection> {
    let near = position(value)?;
    if geo::city_bounds().widened(NEIGHBOURHOOD).contains(&near) {
        return Ok(near);
    }
    Err(Rejection::new("outside_city", "该位置远离本市。", "This position is far from the city."))
}

fn bbox(text: &str) -> Result<BoundingBox, Rejection> {
    BoundingBox::parse(text).map_err(|_| {
        Rejection::new(
            "bbox",
            "应为“西,南,东,北”四个经纬度，西不大于东，南不大于北。",
            "This has to be west,south,east,north in degrees, west to east and south to north.",
        )
    })
}

fn open_at(value: &Value, now: DateTime<Utc>) -> Result<DateTime<Utc>, Rejection> {
    if value.as_str() == Some("now") { Ok(now) } else { instant(value).map(|at| at.to_utc()) }
}

fn searchable(value: &Value) -> Result<String, Rejection> {
    let typed = text(1..=100)(value)?;
    match_expression(&typed).ok_or(Rejection::new(
        "q",
        "应含有汉字、字母或数字。",
        "This has to hold a letter, a digit or a Chinese character.",
    ))
}

/// `<metres>~<id>` or `<cell>~<id>`: what [`Rank::cursor`] writes.
fn cursor(text: &str) -> Result<Rank, Rejection> {
    let (place, id) =
        text.split_once('~').filter(|(_, id)| !id.is_empty() && id.len() <= 40).ok_or(FOREIGN_CURSOR)?;
    let id = id.to_owned();
    if place.len() == 6 && place.starts_with('w') {
        return Ok(Rank { distance_m: 0, cell: place.to_owned(), id });
    }
    let distance_m = place.parse().map_err(|_| FOREIGN_CURSOR)?;
    Ok(Rank { distance_m, cell: String::new(), id })
}

impl Rank {
    /// The cursor of the page behind it.
    #[must_use]
    pub fn cursor(&self) -> String {
        if self.cell.is_empty() {
            format!("{}~{}", self.distance_m, self.id)
        } else {
            format!("{}~{}", self.cell, self.id)
        }
    }
}
