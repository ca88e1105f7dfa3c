//! The outlines of the districts, and which one a position lies in.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{BoundingBox, Position};
use crate::divisions::DivisionCode;

/// District outlines, simplified to some hundred metres, in WGS 84; see `data/README.md`.
const GEOJSON: &str = include_str!("../../data/districts.geojson");

static OUTLINES: LazyLock<Vec<Outline>> = LazyLock::new(|| parse(GEOJSON));

/// The outline of a district.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The district's code.
    pub code: DivisionCode,
    /// Its name.
    pub name: String,
    /// A position in its middle, for a label.
    pub centre: Position,
    bounds: BoundingBox,
    polygons: Vec<Polygon>,
}

/// Rings of corners: the first is the outer edge, the others are holes. The last corner repeats the first.
type Polygon = Vec<Vec<Corner>>;

/// `[lon, lat]`, the order of GeoJSON.
type Corner = [f64; 2];

impl Outline {
    /// The smallest box around it.
    #[must_use]
    pub fn bounds(&self) -> BoundingBox {
        self.bounds
    }

    /// Whether the position lies in the district. On an edge, one of the two sides counts as inside.
    pub fn contains(&self, position: &Position) -> bool {
        self.bounds.contains(position) && self.polygons.iter().any(|rings| is_in(rings, position))
    }
}

/// The outlines of the 16 districts, by code; parsed on the first call.
pub fn outlines() -> &'static [Outline] {
    &OUTLINES
}

/// The district that the position lies in; `None` outside the city. The outlines are simplified: within some hundred
/// metres of an edge the answer may be the neighbour, or none.
pub fn district_of(position: Position) -> Option<DivisionCode> {
    outlines().iter().find(|outline| outline.contains(&position)).map(|outline| outline.code)
}

/// Casts a ray eastwards: it crosses the edges of what it starts in an odd number of times, holes included.
fn is_in(rings: &[Vec<Corner>], position: &Position) -> bool {
    let crossings =
        rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().skip(1))).filter(|(from, to)| {
            let ([from_lon, from_lat], [to_lon, to_lat]) = (from, to);
            // Half open, so that a corner counts for one of its two edges.
            if (*from_lat > position.lat) == (*to_lat > position.lat) {
                return false;
            }
            let along = (position.lat - from_lat) / (to_lat - from_lat);
            position.lon < from_lon + along * (to_lon - from_lon)
        });
    crossings.count() % 2 == 1
}

/// A feature that can't be read is left out; a test makes sure that the embedded file has none.
fn parse(geojson: &str) -> Vec<Outline> {
    let collection: Collection = serde_json::from_str(geojson).unwrap_or(Collection { features: Vec::new() });
    let mut outlines: Vec<_> = collection.features.into_iter().filter_map(outline).collect();
    outlines.sort_by_key(|outline| outline.code);
    outlines
}

fn outline(feature: Feature) -> Option<Outline> {
    let polygons = match feature.geometry {
        Geometry::Polygon(rings) => vec![rings],
        Geometry::MultiPolygon(polygons) => polygons,
    };
    let [lon, lat] = feature.properties.centre;
    Some(Outline {
        code: feature.properties.code,
        name: feature.properties.name,
        centre: Position::new(lat, lon).ok()?,
        bounds: bounds(&polygons),
        polygons,
    })
}

fn bounds(polygons: &[Polygon]) -> BoundingBox {
    let empty = BoundingBox {
        west: f64::INFINITY,
        south: f64::INFINITY,
        east: f64::NEG_INFINITY,
        north: f64::NEG_INFINITY,
    };
    polygons.iter().flatten().flatten().fold(empty, |bounds, [lon, lat]| BoundingBox {
        west: bounds.west.min(*lon),
        south: bounds.south.min(*lat),
        east: bounds.east.max(*lon),
        north: bounds.north.max(*lat),
    })
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: DivisionCode,
    name: String,
    centre: Corner,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Polygon),
    MultiPolygon(Vec<Polygon>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{divisions, geo};
    use proptest::prelude::*;

    fn at(lat: f64, lon: f64) -> Option<&'static str> {
        let code = district_of(Position { lat, lon })?;
        divisions::find(&code).map(|district| district.name)
    }

    #[test]
    fn there_is_one_outline_for_each_district_under_its_name() {
        assert!(
            outlines()
                .iter()
                .map(|o| (o.code, o.name.as_str()))
                .eq(divisions::districts().iter().map(|d| (d.code, d.name)))
        );
    }

    #[test]
    fn rings_are_closed() {
        for ring in outlines().iter().flat_map(|outline| outline.polygons.iter().flatten()) {
            assert!(ring.len() >= 4);
            assert_eq!(ring.first(), ring.last());
        }
    }

    #[test]
    fn well_known_places_are_in_their_districts() {
        // In GCJ-02, the bank before the tower would be in 黄浦区.
        assert_eq!(at(31.2304, 121.4737), Some("黄浦区"), "People's Square");
        assert_eq!(at(31.2420, 121.4951), Some("浦东新区"), "Oriental Pearl Tower");
        assert_eq!(at(31.2400, 121.4917), Some("浦东新区"), "the river bank before it");
        assert_eq!(at(31.2400, 121.4860), Some("黄浦区"), "the Bund on the other side");
        assert_eq!(at(31.1443, 121.8083), Some("浦东新区"), "Pudong airport");
        assert_eq!(at(31.6230, 121.3970), Some("崇明区"), "Chongming");
        assert_eq!(at(30.7420, 121.3420), Some("金山区"), "Jinshan");
    }

    #[test]
    fn places_outside_the_city_are_in_no_district() {
        assert_eq!(at(31.2983, 120.5853), None, "Suzhou");
        assert_eq!(at(30.2741, 120.1551), None, "Hangzhou");
        assert_eq!(at(0.0, 0.0), None);
    }

    #[test]
    fn a_hole_is_outside() {
        let square =
            |low: f64, high: f64| vec![[low, low], [high, low], [high, high], [low, high], [low, low]];
        let rings = [square(0.0, 9.0), square(3.0, 6.0)];
        assert!(is_in(&rings, &Position { lat: 1.0, lon: 1.0 }));
        assert!(!is_in(&rings, &Position { lat: 4.0, lon: 4.0 }));
        assert!(is_in(&rings, &Position { lat: 3.0, lon: 1.0 }), "level with the hole's corners");
    }

    #[test]
    fn the_city_s_box_is_that_of_the_outlines() {
        let all: Vec<_> = outlines().iter().flat_map(|outline| outline.polygons.clone()).collect();
        let (exact, city) = (bounds(&all), geo::city_bounds());
        for (exact, rounded) in [(exact.west, city.west), (exact.south, city.south)] {
            assert!((0.0..0.001).contains(&(exact - rounded)), "{exact} {rounded}");
        }
        for (exact, rounded) in [(exact.east, city.east), (exact.north, city.north)] {
            assert!((0.0..0.001).contains(&(rounded - exact)), "{exact} {rounded}");
        }
    }

    proptest! {
        #[test]
        fn a_position_is_hardly_ever_in_two_districts(lat in 30.6..32.0_f64, lon in 120.8..122.2_f64) {
            let position = Position { lat, lon };
            let holders = outlines().iter().filter(|outline| outline.contains(&position)).count();
            prop_assert_eq!(holders > 0, district_of(position).is_some());
            prop_assert!(holders <= 2, "simplified edges overlap, but no more than two at a place");
        }
    }
}
