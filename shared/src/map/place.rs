use super::OUTLINE_SLACK;
use crate::{
    divisions::{DivisionCode, Level},
    geo::{self, Position},
    input::Rejection,
};

/// Whether a point of this division can lie there: within the box around its district's outline, and a little beyond,
/// because outlines are simplified.
///
/// # Errors
/// `division_code` for the whole city, `outside_city`, `outside_division`.
pub fn check_place(division: &DivisionCode, location: Position) -> Result<(), Rejection> {
    if division.level() == Level::Municipality {
        return Err(Rejection::new(
            "division_code",
            "应为区、街道(镇)或居(村)委会的代码。",
            "This has to be the code of a district, sub-district or committee.",
        ));
    }
    if !geo::city_bounds().contains(&location) {
        return Err(Rejection::new(
            "outside_city",
            "该坐标不在本市范围内。",
            "This position is outside the city.",
        ));
    }
    if !geo::bounds_of(division).widened(OUTLINE_SLACK).contains(&location) {
        return Err(Rejection::new(
            "outside_division",
            "该坐标不在所填行政区划内。",
            "This position is outside the division.",
        ));
    }
    Ok(())
}
