//! Where things lie in a district.

use std::iter;

use shared::{
    divisions::{Division, DivisionCode, subdistricts},
    geo::{Outline, Position, outlines},
};

use super::random::Random;

/// How many degrees of latitude are as long as one of longitude, in the city.
const LONGITUDE: f64 = 0.857;
/// How many places are tried to find one inside an outline.
const TRIES: usize = 500;
/// From so many places the one is taken that lies farthest from all taken before: so they spread.
const CANDIDATES: usize = 8;

/// A district with a made-up middle for each of its sub-districts.
pub(super) struct District {
    outline: &'static Outline,
    /// By code.
    pub(super) subdistricts: Vec<(&'static Division, Position)>,
    /// About half the breadth of a sub-district, in degrees of latitude.
    pub(super) breadth: f64,
}

/// The districts, by code; no two sub-districts of one lie close together.
pub(super) fn districts(random: &mut Random) -> Vec<District> {
    outlines().iter().map(|outline| district(outline, random)).collect()
}

fn district(outline: &'static Outline, random: &mut Random) -> District {
    let mut taken: Vec<(&'static Division, Position)> = Vec::new();
    for subdistrict in subdistricts(&outline.code) {
        let apart = |place: &Position| {
            taken.iter().map(|(_, other)| squared_distance(place, other)).fold(f64::INFINITY, f64::min)
        };
        let candidates = iter::repeat_with(|| anywhere(outline, random)).take(CANDIDATES);
        let farthest = candidates.max_by(|a, b| apart(a).total_cmp(&apart(b)));
        taken.push((subdistrict, farthest.unwrap_or(outline.centre)));
    }
    let bounds = outline.bounds();
    let area = (bounds.north - bounds.south) * (bounds.east - bounds.west) * LONGITUDE;
    let count = u32::try_from(taken.len()).unwrap_or(u32::MAX).max(1);
    District { outline, subdistricts: taken, breadth: (area / f64::from(count)).sqrt() / 2.0 }
}

impl District {
    /// Its code.
    pub(super) fn code(&self) -> &'static DivisionCode {
        &self.outline.code
    }

    /// A place in the district within `reach` degrees of latitude of `middle`, more likely near than far; `middle` itself
    /// where none is found.
    pub(super) fn near(&self, middle: Position, reach: f64, random: &mut Random) -> Position {
        let mut offset = || (random.signed_unit() + random.signed_unit()) / 2.0 * reach;
        let draw = || Position { lat: middle.lat + offset(), lon: middle.lon + offset() / LONGITUDE };
        inside(self.outline, draw).unwrap_or(middle)
    }
}

/// A place anywhere in the outline.
fn anywhere(outline: &Outline, random: &mut Random) -> Position {
    let bounds = outline.bounds();
    let mut between = |low: f64, high: f64| low + (high - low) * (random.signed_unit() + 1.0) / 2.0;
    let draw =
        || Position { lat: between(bounds.south, bounds.north), lon: between(bounds.west, bounds.east) };
    inside(outline, draw).unwrap_or(outline.centre)
}

/// The first place that lies in the outline when it is written with five decimals, which is a metre.
fn inside(outline: &Outline, draw: impl FnMut() -> Position) -> Option<Position> {
    let rounded = |degrees: f64| (degrees * 1e5).round() / 1e5;
    iter::repeat_with(draw)
        .take(TRIES)
        .map(|place| Position { lat: rounded(place.lat), lon: rounded(place.lon) })
        .find(|place| outline.contains(place))
}

/// In square degrees of latitude; to compare, in one district.
fn squared_distance(one: &Position, other: &Position) -> f64 {
    let (lat, lon) = (one.lat - other.lat, (one.lon - other.lon) * LONGITUDE);
    lat * lat + lon * lon
}
