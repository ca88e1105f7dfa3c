use serde::{Deserialize, Serialize};
use shared::{divisions::DivisionCode, geo::Position, input::Rejection};
use utoipa::ToSchema;

use super::{CareLevels, Feature, Ownership, RoomType};

/// What staff say of an institution.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// 1 to 40 lower-case letters, digits and hyphens.
    pub id: String,
    /// 1 to 80 characters.
    pub name: String,
    /// Who runs it; 1 to 80 characters.
    pub operator: String,
    /// A division of the city, not the whole city.
    pub division_code: DivisionCode,
    /// 1 to 200 characters.
    pub address: String,
    /// Where it is, within its district.
    pub location: Position,
    /// Digits with an optional leading `+`.
    pub phone: String,
    /// Who owns it.
    pub ownership: Ownership,
    /// What it offers, each once.
    pub features: Vec<Feature>,
    /// Its rooms, one entry a type; at least one.
    pub rooms: Vec<RoomPlan>,
    /// Whether it is made up, for demonstrations.
    pub sample: bool,
}

/// What staff say of the rooms of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RoomPlan {
    /// The type.
    pub room_type: RoomType,
    /// Whom they suit.
    pub care_levels: CareLevels,
    /// What a bed costs a month.
    pub monthly_fen: i64,
    /// Beds, where the rooms are new.
    pub maximum: i64,
    /// Of these the occupied, where the rooms are new.
    pub occupied: i64,
}

/// The largest number of beds of one room type in one home, and more than any has.
pub const MOST_BEDS: i64 = 10_000;
/// The highest monthly price, in fen: 100,000 yuan.
pub const MOST_MONTHLY_FEN: i64 = 10_000_000;

/// More beds are occupied than there are.
#[must_use]
pub fn more_occupied_than_beds() -> Rejection {
    Rejection::new(
        "counts_inconsistent",
        "已入住数不能超过床位数。",
        "There can't be more beds occupied than there are.",
    )
}

/// 床位数 · The beds of one room type, and since when that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Beds.
    pub maximum: i64,
    /// Beds that somebody lies in.
    pub occupied: i64,
    /// Beds that are kept for open offers.
    pub reserved: i64,
    /// The others.
    pub available: i64,
    /// When the home last said so, in Unix seconds.
    pub confirmed_at: i64,
    /// When they last changed, in Unix seconds.
    pub updated_at: i64,
    /// What `If-Match` names.
    pub version: i64,
}

impl Counts {
    /// The beds that count as vacant at an instant: none where the counts are stale.
    #[must_use]
    pub fn vacant(&self, ages: Ages, now: i64) -> i64 {
        if ages.freshness(self.confirmed_at, now) == Freshness::Stale { 0 } else { self.available }
    }
}

/// 信息时效 · How long ago counts were confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// 最新 · Lately (`counts_fresh_days`).
    Fresh,
    /// 较早 · Some days ago.
    Ageing,
    /// 已过时 · Too long ago (`counts_ageing_days`): the beds no longer count as available.
    Stale,
}

/// Up to which age, in seconds, counts are fresh, and up to which they are ageing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ages {
    /// Fresh.
    pub fresh_s: i64,
    /// Ageing.
    pub ageing_s: i64,
}

impl Ages {
    /// How fresh counts are that were confirmed at an instant.
    #[must_use]
    pub fn freshness(self, confirmed_at: i64, now: i64) -> Freshness {
        match now - confirmed_at {
            age if age <= self.fresh_s => Freshness::Fresh,
            age if age <= self.ageing_s => Freshness::Ageing,
            _ => Freshness::Stale,
        }
    }

    /// Counts confirmed before this instant are stale.
    #[must_use]
    pub fn stale_before(self, now: i64) -> i64 {
        now - self.ageing_s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGES: Ages = Ages { fresh_s: 86_400, ageing_s: 7 * 86_400 };

    #[test]
    fn counts_age_by_the_second() {
        let now = 1_000_000_000;
        for (age, freshness) in [
            (-5, Freshness::Fresh),
            (86_400, Freshness::Fresh),
            (86_401, Freshness::Ageing),
            (7 * 86_400, Freshness::Ageing),
            (7 * 86_400 + 1, Freshness::Stale),
        ] {
            let confirmed_at = now - age;
            assert_eq!(AGES.freshness(confirmed_at, now), freshness, "{age}");
            assert_eq!(confirmed_at < AGES.stale_before(now), freshness == Freshness::Stale, "{age}");
        }
    }

    #[test]
    fn stale_beds_are_not_vacant() {
        let counts = Counts {
            maximum: 9,
            occupied: 4,
            reserved: 1,
            available: 4,
            confirmed_at: 0,
            updated_at: 0,
            version: 1,
        };
        assert_eq!(counts.vacant(AGES, 7 * 86_400), 4);
        assert_eq!(counts.vacant(AGES, 7 * 86_400 + 1), 0);
    }
}
