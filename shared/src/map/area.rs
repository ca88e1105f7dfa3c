use super::{Group, Groups};
use crate::{
    divisions::DivisionCode,
    geo::{self, BoundingBox, Position},
};

mod query;

pub use query::near;

/// How far beyond its district's outline a point may lie, in degrees: about a kilometre. Outlines are simplified.
pub const OUTLINE_SLACK: f64 = 0.01;
/// Metres in a degree of latitude, a little less than they are.
const METRES_PER_DEGREE: f64 = 111_000.0;

/// Where a search looks; every part that is there has to hold. By default everywhere.
#[derive(Clone, Debug, Default)]
pub struct Area {
    near: Option<Position>,
    radius_m: Option<u32>,
    bbox: Option<BoundingBox>,
    division: Option<DivisionCode>,
    /// The box around the circle, worked out once for all points.
    circle: Option<BoundingBox>,
}

impl Area {
    /// Within so many metres of `near`, which is in the city or its surroundings; within a box; in a division. Without
    /// `near`, `radius_m` says nothing.
    #[must_use]
    pub fn new(
        near: Option<Position>,
        radius_m: Option<u32>,
        bbox: Option<BoundingBox>,
        division: Option<DivisionCode>,
    ) -> Self {
        let circle = near.zip(radius_m).map(|(near, radius)| BoundingBox::around(near, radius));
        Self { near, radius_m, bbox, division, circle }
    }

    /// Where distances are measured from.
    #[must_use]
    #[inline]
    pub fn near(&self) -> Option<Position> {
        self.near
    }

    /// The division.
    #[must_use]
    #[inline]
    pub fn division(&self) -> Option<&DivisionCode> {
        self.division.as_ref()
    }

    /// The boxes that a point of it is in.
    #[must_use]
    pub fn boxes(&self) -> Vec<BoundingBox> {
        let division = self.division.as_ref().map(|division| geo::bounds_of(division).widened(OUTLINE_SLACK));
        [self.circle, division, self.bbox].into_iter().flatten().collect()
    }

    /// The box that holds all of it; where its boxes have nothing in common, one that holds nothing.
    #[must_use]
    pub fn bounds(&self) -> BoundingBox {
        self.boxes().into_iter().fold(geo::city_bounds().widened(OUTLINE_SLACK), |all, one| BoundingBox {
            west: all.west.max(one.west),
            south: all.south.max(one.south),
            east: all.east.min(one.east),
            north: all.north.min(one.north),
        })
    }

    /// The groups worth a look, each with the least distance of its points in metres: the nearest first, or without
    /// `near` in the order of their names.
    #[must_use]
    #[inline]
    pub fn order<'a>(&self, groups: &'a Groups) -> Vec<(f64, &'a Group)> {
        let within = self.boxes();
        let mut order: Vec<_> = groups
            .meeting(&within)
            .map(|group| (self.near.map_or(0.0, |near| at_least(near, &group.bounds)), group))
            .filter(|(least, _)| self.radius_m.is_none_or(|radius| *least <= f64::from(radius)))
            .collect();
        if self.near.is_some() {
            order.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        }
        order
    }

    /// Whether a position of a division lies in it, except that of the circle only the box around it is asked.
    /// [`Self::reaches`] asks the rest.
    #[must_use]
    #[inline]
    pub fn contains(&self, position: &Position, division: &DivisionCode) -> bool {
        self.circle.is_none_or(|circle| circle.contains(position))
            && self.bbox.is_none_or(|bbox| bbox.contains(position))
            && self.division.as_ref().is_none_or(|within| within.contains(division))
    }

    /// At most the distance in metres, without the cost of the true one; 0 without `near`.
    #[must_use]
    #[inline]
    pub fn least_m(&self, position: &Position) -> f64 {
        self.near.map_or(0.0, |near| at_least_to(near, position))
    }

    /// The distance in metres; `None` without `near`.
    #[must_use]
    #[inline]
    pub fn distance_m(&self, position: &Position) -> Option<u32> {
        self.near.map(|near| near.distance_m(position))
    }

    /// Whether its circle, if there is one, reaches so far.
    #[must_use]
    #[inline]
    pub fn reaches(&self, distance_m: Option<u32>) -> bool {
        distance_m.zip(self.radius_m).is_none_or(|(distance, radius)| distance <= radius)
    }
}

/// At most the distance in metres from a position to the nearest place in a box.
#[inline]
fn at_least(near: Position, bounds: &BoundingBox) -> f64 {
    let nearest = Position {
        lat: near.lat.clamp(bounds.south, bounds.north),
        lon: near.lon.clamp(bounds.west, bounds.east),
    };
    at_least_to(near, &nearest)
}

/// At most the distance in metres: a plane's, shortened by more than the earth's curve makes of it within the city and
/// its surroundings.
#[inline]
fn at_least_to(near: Position, to: &Position) -> f64 {
    let north = (to.lat - near.lat) * METRES_PER_DEGREE;
    // The cosine of 32.5°, north of the city: the shortest degree of longitude there is.
    let east = (to.lon - near.lon) * METRES_PER_DEGREE * 0.843;
    (north.hypot(east) * 0.995 - 1.0).max(0.0)
}

/// At least the distance in metres, given what [`at_least_to`] makes of it: a degree of longitude in the city's south is
/// two per cent longer than it reckons.
#[inline]
pub(super) fn at_most(least: f64) -> f64 {
    least * 1.04 + 4.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::map::{Directory, cell_of};

    fn place() -> impl Strategy<Value = Position> {
        (30.9..31.4_f64, 121.2..121.8_f64).prop_map(|(lat, lon)| Position { lat, lon })
    }

    proptest! {
        #[test]
        fn the_cheap_distances_are_bounds_of_the_true_one(
            a in (30.3..32.3_f64, 120.5..122.4_f64), b in (30.6..32.0_f64, 120.8..122.1_f64)
        ) {
            let (a, b) = (Position { lat: a.0, lon: a.1 }, Position { lat: b.0, lon: b.1 });
            let true_distance = f64::from(a.distance_m(&b));
            let least = at_least_to(a, &b);
            prop_assert!(least <= true_distance && true_distance <= at_most(least), "{least} {true_distance}");
        }

        #[test]
        fn what_lies_in_an_area_lies_in_a_group_of_its_order_no_nearer_than_that_says(
            places in prop::collection::vec(place(), 1..300), near in prop::option::of(place()),
            radius in prop::option::of(100..40_000_u32), corner in prop::option::of(place())
        ) {
            let bbox = corner.map(|corner| BoundingBox::around(corner, 9_000));
            let division = DivisionCode::parse("310104").unwrap();
            let area = Area::new(near, radius, bbox, None);
            let mut directory = Directory::default();
            for (n, place) in (1..).zip(&places) {
                directory.apply(n, vec![(cell_of(*place), n, 100)]);
            }
            let groups = directory.groups();
            let order = area.order(&groups);
            prop_assert!(order.is_sorted_by(|(a, one), (b, other)| a < b || a == b && (near.is_some() || one.prefix < other.prefix)));
            for place in &places {
                let distance = area.distance_m(place);
                let inside = area.contains(place, &division) && area.reaches(distance);
                let expected = bbox.is_none_or(|bbox| bbox.contains(place))
                    && distance.zip(radius).is_none_or(|(distance, radius)| distance <= radius);
                prop_assert_eq!(inside, expected);
                let cell = cell_of(*place);
                let home = order.iter().find(|(_, group)| cell.starts_with(&group.prefix));
                if inside {
                    prop_assert!(home.is_some() && area.bounds().contains(place));
                }
                if let Some((least, _)) = home {
                    prop_assert!(*least <= f64::from(distance.unwrap_or_default()) + 0.5);
                    prop_assert!(*least <= area.least_m(place) + 0.5);
                }
            }
        }
    }

    #[test]
    fn a_division_holds_its_parts_wherever_its_outline_puts_them_and_no_other() {
        let division = DivisionCode::parse("310104").unwrap();
        let area = Area::new(None, None, None, Some(division));
        let here = Position { lat: 31.2, lon: 121.44 };
        assert!(area.contains(&here, &DivisionCode::parse("310104003").unwrap()));
        assert!(!area.contains(&here, &DivisionCode::parse("310105").unwrap()));
        assert!(
            area.bounds().contains(&here) && !area.bounds().contains(&Position { lat: 31.0, lon: 121.44 })
        );
    }

    #[test]
    fn boxes_with_nothing_in_common_leave_nothing() {
        let bbox = BoundingBox::parse("121.9,30.9,122,31").unwrap();
        let bounds = Area::new(None, None, Some(bbox), DivisionCode::parse("310104").ok()).bounds();
        assert!(bounds.west > bounds.east);
    }
}
