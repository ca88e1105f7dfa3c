//! Positions, distances and boxes on the map, in WGS 84 degrees.
//!
//! Cargo feature `outlines` embeds the outlines of the districts (100 KB), to tell in which one a position lies.

#[cfg(feature = "outlines")]
mod outlines;

use serde::{Deserialize, Serialize};

#[cfg(feature = "outlines")]
pub use outlines::{Outline, district_of, outlines};

use crate::divisions::DivisionCode;

/// The mean radius of the earth (IUGG), in metres.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A position; in JSON `{"lat": 31.2304, "lon": 121.4737}`, refused when it isn't on the globe.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
#[derive(utoipa::ToSchema)]
pub struct Position {
    /// Degrees north, -90 to 90.
    pub lat: f64,
    /// Degrees east, -180 to 180.
    pub lon: f64,
}

/// Why something is no position or no box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PositionError {
    /// Not the numbers that the form asks for, separated by commas.
    #[error("expected numbers separated by commas: lat,lon for a position, west,south,east,north for a box")]
    Form,
    /// A latitude outside -90 to 90, or no number.
    #[error("a latitude is a number from -90 to 90")]
    Latitude,
    /// A longitude outside -180 to 180, or no number.
    #[error("a longitude is a number from -180 to 180")]
    Longitude,
    /// A box whose south is above its north, or whose west is beyond its east.
    #[error("a box goes from west to east and from south to north")]
    Inverted,
}

impl Position {
    /// Makes a position.
    ///
    /// # Errors
    /// [`PositionError::Latitude`] or [`PositionError::Longitude`] when it is out of range, infinite or not a number.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PositionError> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PositionError::Latitude);
        }
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PositionError::Longitude);
        }
        Ok(Self { lat, lon })
    }

    /// The position to a ten-millionth of a degree, a centimetre: more digits than any map has, and as many as every store
    /// gives back as they were.
    #[must_use]
    pub fn rounded(self) -> Self {
        let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
        Self { lat: rounded(self.lat), lon: rounded(self.lon) }
    }

    /// Reads `lat,lon`; spaces around the numbers don't matter.
    ///
    /// # Errors
    /// [`PositionError::Form`], or as [`Self::new`].
    pub fn parse(text: &str) -> Result<Self, PositionError> {
        let [lat, lon] = numbers(text)?;
        Self::new(lat, lon)
    }

    /// The great-circle distance in whole metres (haversine on a sphere: within 0.6 % of the ellipsoid).
    pub fn distance_m(&self, other: &Self) -> u32 {
        let half_lat = (other.lat - self.lat).to_radians() / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let cosines = self.lat.to_radians().cos() * other.lat.to_radians().cos();
        let chord = half_lat.sin().powi(2) + cosines * half_lon.sin().powi(2);
        // At most half the circumference, 20,015,114 m.
        (2.0 * EARTH_RADIUS_M * chord.clamp(0.0, 1.0).sqrt().asin()).round() as u32
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    lat: f64,
    lon: f64,
}

impl TryFrom<Unchecked> for Position {
    type Error = PositionError;

    fn try_from(Unchecked { lat, lon }: Unchecked) -> Result<Self, PositionError> {
        Self::new(lat, lon)
    }
}

/// A box on the map; its edges belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// The lowest longitude.
    pub west: f64,
    /// The lowest latitude.
    pub south: f64,
    /// The highest longitude.
    pub east: f64,
    /// The highest latitude.
    pub north: f64,
}

impl BoundingBox {
    /// Reads `west,south,east,north`, the order of GeoJSON (RFC 7946).
    ///
    /// # Errors
    /// [`PositionError`]; a box over the date line is [`PositionError::Inverted`].
    pub fn parse(text: &str) -> Result<Self, PositionError> {
        let [west, south, east, north] = numbers(text)?;
        for (lat, lon) in [(south, west), (north, east)] {
            Position::new(lat, lon)?;
        }
        if west > east || south > north {
            return Err(PositionError::Inverted);
        }
        Ok(Self { west, south, east, north })
    }

    /// A box that holds every position within `radius_m` metres of `position`: a cheap first filter, whose corners
    /// are farther away. Over a pole or the date line it takes in every longitude.
    pub fn around(position: Position, radius_m: u32) -> Self {
        // Half a metre more, because distances are rounded, and a trace for the arithmetic.
        let angle = (f64::from(radius_m) + 0.6) / EARTH_RADIUS_M;
        let (south, north) = (position.lat - angle.to_degrees(), position.lat + angle.to_degrees());
        let reach = if angle < std::f64::consts::FRAC_PI_2 && south > -90.0 && north < 90.0 {
            (angle.sin() / position.lat.to_radians().cos()).min(1.0).asin().to_degrees()
        } else {
            360.0
        };
        let (west, east) = match (position.lon - reach, position.lon + reach) {
            (west, east) if west >= -180.0 && east <= 180.0 => (west, east),
            _ => (-180.0, 180.0),
        };
        Self { west, south: south.max(-90.0), east, north: north.min(90.0) }
    }

    /// The box with so many degrees more on each side.
    #[must_use]
    pub fn widened(&self, degrees: f64) -> Self {
        Self {
            west: self.west - degrees,
            south: self.south - degrees,
            east: self.east + degrees,
            north: self.north + degrees,
        }
    }

    /// Whether the two have a position in common.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    /// Whether the position lies in it.
    pub fn contains(&self, position: &Position) -> bool {
        (self.west..=self.east).contains(&position.lon) && (self.south..=self.north).contains(&position.lat)
    }
}

/// The smallest box around the city's outlines, rounded outwards to a thousandth of a degree.
pub const fn city_bounds() -> BoundingBox {
    BoundingBox { west: 120.853, south: 30.677, east: 122.009, north: 31.87 }
}

/// The box around a district's outline, rounded outwards to a thousandth of a degree; of the whole city for every other
/// code.
pub fn bounds_of(division: &DivisionCode) -> BoundingBox {
    let district = division.district();
    DISTRICT_BOUNDS
        .iter()
        .find(|(code, ..)| *code == district.as_str())
        .map_or_else(city_bounds, |&(_, west, south, east, north)| BoundingBox { west, south, east, north })
}

/// `code, west, south, east, north`; a test compares them with the outlines.
const DISTRICT_BOUNDS: [(&str, f64, f64, f64, f64); 16] = [
    ("310101", 121.452, 31.19, 121.507, 31.248),
    ("310104", 121.386, 31.103, 121.473, 31.223),
    ("310105", 121.327, 31.18, 121.435, 31.247),
    ("310106", 121.414, 31.216, 121.479, 31.325),
    ("310107", 121.321, 31.22, 121.448, 31.306),
    ("310109", 121.456, 31.244, 121.515, 31.319),
    ("310110", 121.481, 31.249, 121.567, 31.35),
    ("310112", 121.235, 30.978, 121.572, 31.262),
    ("310113", 121.296, 31.267, 121.523, 31.515),
    ("310114", 121.102, 31.229, 121.378, 31.499),
    ("310115", 121.453, 30.779, 122.009, 31.398),
    ("310116", 120.984, 30.677, 121.476, 30.954),
    ("310117", 121.02, 30.896, 121.369, 31.166),
    ("310118", 120.853, 30.941, 121.32, 31.295),
    ("310120", 121.347, 30.759, 121.79, 31.018),
    ("310151", 121.161, 31.287, 121.988, 31.87),
];

/// Exactly `N` finite numbers between commas.
fn numbers<const N: usize>(text: &str) -> Result<[f64; N], PositionError> {
    let read: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let numbers: [f64; N] = read.and_then(|read| read.try_into().ok()).ok_or(PositionError::Form)?;
    if numbers.iter().all(|number| number.is_finite()) { Ok(numbers) } else { Err(PositionError::Form) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PEOPLES_SQUARE: Position = Position { lat: 31.2304, lon: 121.4737 };

    #[test]
    fn a_position_is_read_from_two_numbers() {
        assert_eq!(Position::parse("31.2304,121.4737"), Ok(PEOPLES_SQUARE));
        assert_eq!(Position::parse(" 31.2304, 121.4737 "), Ok(PEOPLES_SQUARE));
        for text in ["", "31.2", "31.2,121.4,5", "a,b", "31,2304;121,4737", "NaN,121", "inf,1", "31.2,"] {
            assert_eq!(Position::parse(text), Err(PositionError::Form), "{text}");
        }
        assert_eq!(Position::parse("121.4737,31.2304"), Err(PositionError::Latitude), "changed places");
        assert_eq!(Position::parse("31,180.1"), Err(PositionError::Longitude));
        assert_eq!(Position::new(f64::NAN, 0.0), Err(PositionError::Latitude));
        assert_eq!(Position::new(0.0, f64::INFINITY), Err(PositionError::Longitude));
    }

    #[test]
    fn json_is_checked_too() {
        let json = serde_json::to_string(&PEOPLES_SQUARE).unwrap();
        assert_eq!(json, r#"{"lat":31.2304,"lon":121.4737}"#);
        assert_eq!(serde_json::from_str::<Position>(&json).unwrap(), PEOPLES_SQUARE);
        assert!(serde_json::from_str::<Position>(r#"{"lat":91,"lon":0}"#).is_err());
        assert!(serde_json::from_str::<Position>(r#"{"lat":1,"lon":0,"alt":3}"#).is_err());
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        let at = |lat, lon| Position::new(lat, lon).unwrap();
        assert_eq!(PEOPLES_SQUARE.distance_m(&PEOPLES_SQUARE), 0);
        assert_eq!(at(0.0, 0.0).distance_m(&at(0.0, 1.0)), 111_195);
        assert_eq!(at(0.0, 0.0).distance_m(&at(0.0, 180.0)), 20_015_114);
        assert_eq!(at(90.0, 0.0).distance_m(&at(-90.0, 77.0)), 20_015_114);
        assert_eq!(at(0.0, 179.5).distance_m(&at(0.0, -179.5)), 111_195, "over the date line");
    }

    #[test]
    fn a_box_is_read_in_the_order_of_geojson() {
        let read = BoundingBox::parse("121.4,31.1,121.6,31.3").unwrap();
        assert!(read.contains(&PEOPLES_SQUARE) && !read.contains(&Position { lat: 31.2, lon: 121.7 }));
        assert_eq!(BoundingBox::parse("121.6,31.1,121.4,31.3"), Err(PositionError::Inverted));
        assert_eq!(BoundingBox::parse("31.1,121.4,31.3,121.6"), Err(PositionError::Latitude));
        assert_eq!(BoundingBox::parse("1,2,3"), Err(PositionError::Form));
    }

    #[test]
    fn the_city_s_box_holds_its_centre_and_not_its_neighbours() {
        assert!(city_bounds().contains(&PEOPLES_SQUARE));
        assert!(!city_bounds().contains(&Position { lat: 31.2983, lon: 120.5853 }), "Suzhou");
    }

    #[cfg(feature = "outlines")]
    #[test]
    fn the_box_of_a_district_is_that_of_its_outline() {
        for outline in outlines() {
            let (own, tabled) = (outline.bounds(), bounds_of(&outline.code));
            assert!(tabled.west <= own.west && own.west < tabled.west + 0.001, "{}", outline.name);
            assert!(tabled.south <= own.south && own.south < tabled.south + 0.001, "{}", outline.name);
            assert!(tabled.east >= own.east && own.east > tabled.east - 0.001, "{}", outline.name);
            assert!(tabled.north >= own.north && own.north > tabled.north - 0.001, "{}", outline.name);
            let inner = DivisionCode::parse(&format!("{}001", outline.code)).unwrap();
            assert_eq!(bounds_of(&inner), tabled);
        }
    }

    #[test]
    fn boxes_meet_where_they_share_a_position() {
        let near = BoundingBox::around(PEOPLES_SQUARE, 1000);
        assert!(near.meets(&city_bounds()) && city_bounds().meets(&near));
        assert!(!near.meets(&BoundingBox { west: 122.0, south: 31.0, east: 122.1, north: 31.5 }));
        assert!(near.widened(0.6).meets(&BoundingBox { west: 122.0, south: 31.0, east: 122.1, north: 31.5 }));
    }

    prop_compose! {
        fn anywhere()(lat in -90.0..=90.0_f64, lon in -180.0..=180.0_f64) -> Position { Position { lat, lon } }
    }

    prop_compose! {
        fn in_shanghai()(lat in 30.6..32.0_f64, lon in 120.8..122.2_f64) -> Position { Position { lat, lon } }
    }

    proptest! {
        #[test]
        fn a_distance_is_the_same_both_ways_and_never_beyond_the_antipodes(a in anywhere(), b in anywhere()) {
            prop_assert_eq!(a.distance_m(&b), b.distance_m(&a));
            prop_assert!(a.distance_m(&b) <= 20_015_114);
        }

        #[test]
        fn a_detour_is_never_shorter(a in in_shanghai(), b in in_shanghai(), c in in_shanghai()) {
            prop_assert!(a.distance_m(&c) <= a.distance_m(&b) + b.distance_m(&c) + 1);
        }

        #[test]
        fn whatever_is_near_is_in_the_box_around(a in anywhere(), b in anywhere(), more in 0..1000_u32) {
            prop_assert!(BoundingBox::around(a, a.distance_m(&b) + more).contains(&b));
        }

        #[test]
        fn the_box_around_is_tight_in_the_city(a in in_shanghai(), b in in_shanghai(), radius in 0..50_000_u32) {
            let inside = BoundingBox::around(a, radius).contains(&b);
            if a.distance_m(&b) <= radius { prop_assert!(inside) }
            if inside { prop_assert!(f64::from(a.distance_m(&b)) <= f64::from(radius) * 1.42 + 2.0) }
        }
    }
}
