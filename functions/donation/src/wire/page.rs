//! Pages of points, written from the JSON that blocks keep.
//!
//! # Design
//! A page of twenty points is copied together more than it is made: what no clock changes was written when the block was
//! made, and what the hour makes of opening hours is written once for all points that share them. A test compares with
//! the plain serialisation of [`Point`](super::Point).

use shared::{
    geo::Position,
    instant::Instant,
    map::{self, items_page, unclosed},
    opening_hours::OpeningHours,
    problem::{ApiError, ApiResult},
};

use super::{Doors, ItemView, Moment, PointHead};
use crate::domain::{BlockPoint, Hit, ItemStatus, Rank};

/// Bytes of a point in JSON, about.
const POINT_BYTES: usize = 1_000;

/// The points as [`Points`](super::Points) would be written.
///
/// # Errors
/// A block lacks one of its points, or the opening hours of one.
pub fn points_page(hits: &[Hit], next: Option<&Rank>, moment: Moment) -> ApiResult<Vec<u8>> {
    let mut open = Open::at(moment);
    items_page((hits, POINT_BYTES), next.map(Rank::cursor).as_deref(), |body, hit| {
        write_point(body, hit, &mut open)
    })
}

/// The points as a [`FeatureCollection`](super::FeatureCollection) would be written.
///
/// # Errors
/// As [`points_page`].
pub fn feature_page(hits: &[Hit], next: Option<&Rank>, moment: Moment) -> ApiResult<Vec<u8>> {
    let mut open = Open::at(moment);
    let write = |body: &mut String, hit: &Hit| write_point(body, hit, &mut open);
    map::feature_page((hits, POINT_BYTES), next.map(Rank::cursor).as_deref(), place_of, write)
}

/// The JSON of a point's opening hours, and of what else no clock changes: [`write_point`] adds the rest.
///
/// # Errors
/// None in practice: every part has a JSON form.
pub(crate) fn lasting(
    head: &PointHead,
    items: &[ItemStatus],
    confirmed_at: i64,
) -> serde_json::Result<(String, String)> {
    let hours = serde_json::to_string(&head.hours)?;
    // The block keeps the hours once for all of its points.
    let text = serde_json::to_string(head)?.replacen(&format!(",\"hours\":{hours}"), "", 1);
    let updated_at = serde_json::to_string(&Instant::at(confirmed_at))?;
    let items = match has_end(items.iter().copied()) {
        true => String::new(),
        false => format!(",\"items\":{}", items_json(items.iter().copied(), confirmed_at)?),
    };
    Ok((hours, format!("{},\"updated_at\":{updated_at}{items}}}", unclosed(&text))))
}

/// Whether a clock changes what is said of the items.
fn has_end(mut items: impl Iterator<Item = ItemStatus>) -> bool {
    items.any(|status| status.until.is_some())
}

fn items_json(items: impl Iterator<Item = ItemStatus>, now: i64) -> serde_json::Result<String> {
    serde_json::to_string(&items.map(|status| ItemView::of(status.at(now))).collect::<Vec<_>>())
}

/// What a moment makes of the opening hours that the points of a page share, as the members of a JSON object.
struct Open {
    moment: Moment,
    known: Vec<(*const OpeningHours, String)>,
}

impl Open {
    fn at(moment: Moment) -> Self {
        Self { moment, known: Vec::new() }
    }

    fn write(&mut self, body: &mut String, hours: &OpeningHours) -> ApiResult<()> {
        // Compared by where they are: a block keeps hours once, and outlives the page.
        let known = self.known.iter().position(|(known, _)| std::ptr::eq(*known, hours));
        if known.is_none() {
            let doors = serde_json::to_string(&Doors::at(self.moment, hours)).map_err(ApiError::internal)?;
            self.known.push((hours, doors.trim_matches(['{', '}']).to_owned()));
        }
        let at = known.unwrap_or(self.known.len().saturating_sub(1));
        body.push_str(self.known.get(at).map_or("", |(_, doors)| doors));
        Ok(())
    }
}

fn write_point(body: &mut String, hit: &Hit, open: &mut Open) -> ApiResult<()> {
    let point = point_of(hit)?;
    let hours = point.hours();
    let (hours, hours_json) = hours.ok_or_else(|| ApiError::internal("a point without opening hours"))?;
    let (now, stale_after_s) = (open.moment.now.timestamp(), open.moment.stale_after_s);
    body.push_str(unclosed(point.head()));
    body.push_str(r#","hours":"#);
    body.push_str(hours_json);
    if has_end(point.items()) {
        body.push_str(r#","items":"#);
        body.push_str(&items_json(point.items(), now).map_err(ApiError::internal)?);
    }
    body.push(',');
    open.write(body, hours)?;
    if let Some(distance_m) = hit.distance_m {
        body.push_str(r#","distance_m":"#);
        body.push_str(&distance_m.to_string());
    }
    let stale = now - point.confirmed_at() > stale_after_s;
    body.push_str(if stale { r#","stale":true}"# } else { r#","stale":false}"# });
    Ok(())
}

fn place_of(hit: &Hit) -> ApiResult<(&str, Position)> {
    point_of(hit).map(|point| (point.id(), point.location()))
}

fn point_of(hit: &Hit) -> ApiResult<BlockPoint<'_>> {
    hit.point().ok_or_else(|| ApiError::internal("a hit outside of its block"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;
    use serde_json::{Value, json};
    use shared::{divisions::DivisionCode, map::Area};

    use super::*;
    use crate::{
        domain::{Block, Item, ItemState, NewEntry, Search},
        wire::{Point, PointNow},
    };

    #[test]
    fn a_page_says_what_its_points_would_say_of_themselves() {
        let now = DateTime::parse_from_rfc3339("2026-11-25T12:00:00+08:00").unwrap().to_utc();
        let moment = Moment { now, stale_after_s: 1_000 };
        let near = Position { lat: 31.2, lon: 121.4 };
        let status = |item, state, until| ItemStatus { item, state, until };
        let end = now.timestamp() + 100;
        let kinds = [
            vec![status(Item::Books, ItemState::Urgent, None)],
            vec![
                status(Item::Books, ItemState::Full, Some(end)),
                status(Item::Toys, ItemState::Full, Some(7)),
            ],
            Vec::new(),
        ];
        let (mut entries, mut expected) = (Vec::new(), Vec::new());
        for (n, items) in (0..).zip(kinds) {
            let hours = ["Mo-Fr 09:00-11:30,13:30-17:00", "24/7"][usize::from(n == 1)];
            let head = PointHead {
                id: format!("p{n}"),
                name: "点}\"{".to_owned(),
                operator: "样例".to_owned(),
                division_code: DivisionCode::parse("310104003").unwrap(),
                address: "}".to_owned(),
                location: Position { lat: near.lat + f64::from(n) / 100.0, ..near },
                phone: "1".to_owned(),
                hours: OpeningHours::parse_text(hours).unwrap(),
                sample: true,
            };
            let confirmed_at = now.timestamp() - 900 - i64::from(n) * 100;
            let (hours_json, text) = lasting(&head, &items, confirmed_at).unwrap();
            let distance_m = Some(near.distance_m(&head.location));
            let doors = Doors::at(moment, &head.hours);
            let view = PointNow::of((items.iter().copied(), doors, confirmed_at), distance_m, moment);
            expected.push(serde_json::to_value(Point { head: head.clone(), now: view }).unwrap());
            entries.push(NewEntry {
                cell: "wtw3sj".to_owned(),
                id: head.id,
                location: head.location,
                division: head.division_code,
                hours: head.hours,
                hours_json,
                items,
                confirmed_at,
                head: text,
            });
        }
        let search = Search { area: Area::new(Some(near), None, None, None), limit: 10, ..Search::default() };
        let mut hits = search.hits();
        search.judge((&Arc::new(Block::new(1, entries)), None), now.timestamp(), &mut hits);
        let (hits, next) = search.page(hits);
        let page: Value =
            serde_json::from_slice(&points_page(&hits, next.as_ref(), moment).unwrap()).unwrap();
        assert_eq!(page, json!({"items": expected, "next_cursor": null}));
        let map: Value = serde_json::from_slice(&feature_page(&hits, None, moment).unwrap()).unwrap();
        assert_eq!(map["features"][1]["properties"], expected[1]);
        assert_eq!(map["features"][0]["geometry"]["coordinates"], json!([121.4, 31.2]));
    }
}
