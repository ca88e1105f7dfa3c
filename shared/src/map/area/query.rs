use serde_json::Value;

use super::Area;
use crate::{
    geo::{self, BoundingBox, Position},
    input::{Object, Rejection, division_code, integer, parsed, position},
};

/// The largest radius, in metres: beyond the city's diameter.
const LARGEST_RADIUS_M: i64 = 150_000;
/// How far outside the city's box somebody may stand who asks for the nearest point, in degrees: about fifty kilometres.
const NEIGHBOURHOOD: f64 = 0.5;

impl Area {
    /// Reads `near` (`lat,lon`), `radius_m` (1 to 150000), `bbox` (`west,south,east,north`) and `division_code` of a
    /// query; `None` after a fault.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let near = q.optional("near", near);
        let radius_m = q.optional("radius_m", integer(1..=LARGEST_RADIUS_M));
        let bbox = q.optional("bbox", parsed(bbox));
        let division = q.optional("division_code", division_code);
        let (near, radius_m) = (near?, radius_m?);
        if radius_m.is_some() && near.is_none() {
            q.reject(
                "radius_m",
                Rejection::new("near_missing", "须与 near 一起使用。", "This needs near beside it."),
            );
            return None;
        }
        Some(Self::new(near, radius_m.and_then(|radius| u32::try_from(radius).ok()), bbox?, division?))
    }
}

/// A position in the city or its surroundings, as searches begin at one.
///
/// # Errors
/// `position`; `outside_city` for one that is far from it.
pub fn near(value: &Value) -> Result<Position, Rejection> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::input::read;

    fn faults(query: &Value) -> Vec<(String, &'static str)> {
        let error = read(query, Area::read).unwrap_err();
        error.faults().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
    }

    #[test]
    fn every_fault_of_an_area_is_named_at_once() {
        let pointers: Vec<_> = faults(
            &json!({"near": {"lat": 0.0, "lon": 0.0}, "radius_m": 0, "bbox": "1", "division_code": "1"}),
        )
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
        assert_eq!(pointers, ["/near", "/radius_m", "/bbox", "/division_code"]);
    }

    #[test]
    fn a_radius_needs_a_place_that_it_is_around() {
        let radius = json!({"radius_m": 500, "bbox": "121.4,31.1,121.5,31.2"});
        assert_eq!(faults(&radius), [("/radius_m".to_owned(), "near_missing")]);
        let near = json!({"radius_m": 500, "near": {"lat": 31.2, "lon": 121.4}});
        let area = read(&near, Area::read).unwrap();
        assert!(area.reaches(Some(500)) && !area.reaches(Some(501)));
    }
}
