use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use shared::{
    input::{FOREIGN_CURSOR, Object, Rejection, boolean, choice, instant, integer, parsed, text},
    map::Area,
};
use utoipa::ToSchema;

use super::{Moment, Point};
use crate::domain::{Item, Rank, Search, match_expression};

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
        let area = Area::read(q);
        let item = q.optional("item", choice(Item::WORDS));
        let open_at = q.optional("open_at", |value| open_at(value, moment.now));
        let text = q.optional("q", searchable);
        let stale = q.optional("stale", boolean);
        let limit = q.optional("limit", integer(1..=most));
        let cursor = q.optional("cursor", parsed(cursor));
        let (area, cursor) = (area?, cursor?);
        if cursor.as_ref().is_some_and(|rank| rank.cell.is_empty() != area.near().is_some()) {
            q.reject("cursor", FOREIGN_CURSOR);
            return None;
        }
        let search = Search {
            area,
            item: item?,
            open_at: open_at?,
            stale: stale?.map(|stale| (stale, moment.now.timestamp() - moment.stale_after_s)),
            after: cursor,
            limit: usize::try_from(limit?.unwrap_or(usual)).ok()?,
        };
        Some(Self { search, text: text? })
    }
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
