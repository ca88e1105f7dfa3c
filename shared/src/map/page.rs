//! Pages of what a search found, written from the JSON that blocks keep.

use serde_json::json;

use crate::{
    geo::Position,
    problem::{ApiError, ApiResult},
};

/// A page `{"items":[…],"next_cursor":…}`: `write` writes each of the hits, about `bytes` long, as a JSON object.
///
/// # Errors
/// What `write` reports.
pub fn items_page<H>(
    (hits, bytes): (&[H], usize),
    next_cursor: Option<&str>,
    write: impl FnMut(&mut String, &H) -> ApiResult<()>,
) -> ApiResult<Vec<u8>> {
    page(r#"{"items":["#, (hits, bytes), next_cursor, write)
}

/// A page as a `FeatureCollection` of GeoJSON (RFC 7946), with `next_cursor` as a foreign member: `place` tells the id of
/// a hit and where it is, `write` writes its properties.
///
/// # Errors
/// What `place` and `write` report.
pub fn feature_page<H>(
    (hits, bytes): (&[H], usize),
    next_cursor: Option<&str>,
    place: impl Fn(&H) -> ApiResult<(&str, Position)>,
    mut write: impl FnMut(&mut String, &H) -> ApiResult<()>,
) -> ApiResult<Vec<u8>> {
    page(r#"{"type":"FeatureCollection","features":["#, (hits, bytes), next_cursor, |body, hit| {
        let (id, Position { lat, lon }) = place(hit)?;
        let geometry = json!({"type": "Point", "coordinates": [lon, lat]});
        let feature = json!({"type": "Feature", "id": id, "geometry": geometry}).to_string();
        body.push_str(unclosed(&feature));
        body.push_str(r#","properties":"#);
        write(body, hit)?;
        body.push('}');
        Ok(())
    })
}

/// A JSON object without its last brace, so that it can go on.
#[must_use]
pub fn unclosed(object: &str) -> &str {
    object.strip_suffix('}').unwrap_or_default()
}

fn page<H>(
    begin: &str,
    (hits, bytes): (&[H], usize),
    next_cursor: Option<&str>,
    mut write: impl FnMut(&mut String, &H) -> ApiResult<()>,
) -> ApiResult<Vec<u8>> {
    let mut body = String::with_capacity(64 + hits.len() * bytes);
    body.push_str(begin);
    for (n, hit) in hits.iter().enumerate() {
        if n > 0 {
            body.push(',');
        }
        write(&mut body, hit)?;
    }
    body.push_str(r#"],"next_cursor":"#);
    body.push_str(&serde_json::to_string(&next_cursor).map_err(ApiError::internal)?);
    body.push('}');
    Ok(body.into_bytes())
}
