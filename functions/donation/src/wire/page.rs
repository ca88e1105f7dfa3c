//! Pages of points, written from the JSON that blocks keep.

use serde::Serialize;
use serde_json::json;
use shared::{
    opening_hours::OpeningHours,
    problem::{ApiError, ApiResult},
};

use super::{Doors, Moment, PointNow};
use crate::domain::{Hit, Rank};

/// Bytes of a point in JSON, about.
const POINT_BYTES: usize = 1_000;

/// The points as [`Points`](super::Points) would be written.
///
/// # Errors
/// A block lacks the opening hours of one of its points.
pub fn points_page(hits: &[Hit], next: Option<&Rank>, moment: Moment) -> ApiResult<Vec<u8>> {
    let mut open = Open::at(moment);
    page(r#"{"items":["#, hits, next, |body, hit| write_point(body, hit, &mut open))
}

/// The points as a [`FeatureCollection`](super::FeatureCollection) would be written.
///
/// # Errors
/// As [`points_page`].
pub fn feature_page(hits: &[Hit], next: Option<&Rank>, moment: Moment) -> ApiResult<Vec<u8>> {
    let mut open = Open::at(moment);
    page(r#"{"type":"FeatureCollection","features":["#, hits, next, |body, hit| {
        let Some(point) = hit.point() else { return Ok(()) };
        let coordinates = [point.location().lon, point.location().lat];
        let feature = json!({
            "type": "Feature",
            "id": point.id(),
            "geometry": {"type": "Point", "coordinates": coordinates},
        });
        body.push_str(unclosed(&text(&feature)?));
        body.push_str(r#","properties":"#);
        write_point(body, hit, &mut open)?;
        body.push('}');
        Ok(())
    })
}

/// What a moment makes of the opening hours that the points of a page share.
struct Open {
    moment: Moment,
    known: Vec<(*const OpeningHours, Doors)>,
}

impl Open {
    fn at(moment: Moment) -> Self {
        Self { moment, known: Vec::new() }
    }

    fn doors(&mut self, hours: &OpeningHours) -> Doors {
        // Compared by where they are: a block keeps hours once, and outlives the page.
        if let Some((_, doors)) = self.known.iter().find(|(known, _)| std::ptr::eq(*known, hours)) {
            return *doors;
        }
        let doors = Doors::at(self.moment, hours);
        self.known.push((hours, doors));
        doors
    }
}

fn page(
    begin: &str,
    hits: &[Hit],
    next: Option<&Rank>,
    mut write: impl FnMut(&mut String, &Hit) -> ApiResult<()>,
) -> ApiResult<Vec<u8>> {
    let mut body = String::with_capacity(64 + hits.len() * POINT_BYTES);
    body.push_str(begin);
    for (n, hit) in hits.iter().enumerate() {
        if n > 0 {
            body.push(',');
        }
        write(&mut body, hit)?;
    }
    body.push_str(r#"],"next_cursor":"#);
    body.push_str(&text(&next.map(Rank::cursor))?);
    body.push('}');
    Ok(body.into_bytes())
}

fn write_point(body: &mut String, hit: &Hit, open: &mut Open) -> ApiResult<()> {
    let Some(point) = hit.point() else { return Ok(()) };
    let hours = point.hours();
    let (hours, hours_json) = hours.ok_or_else(|| ApiError::internal("a point without opening hours"))?;
    let doors = open.doors(hours);
    let now = PointNow::of((point.items(), doors, point.confirmed_at()), hit.distance_m, open.moment);
    body.push_str(unclosed(point.head()));
    body.push_str(r#","hours":"#);
    body.push_str(hours_json);
    body.push(',');
    body.push_str(text(&now)?.strip_prefix('{').unwrap_or_default());
    Ok(())
}

/// A JSON object without its last brace, so that it can go on.
fn unclosed(object: &str) -> &str {
    object.strip_suffix('}').unwrap_or_default()
}

fn text(value: &impl Serialize) -> ApiResult<String> {
    serde_json::to_string(value).map_err(ApiError::internal)
}
