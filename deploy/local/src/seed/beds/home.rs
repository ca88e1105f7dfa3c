//! The rooms of a made-up home: how many beds, for whom, at what price, how many taken.
//!
//! # Design
//! Invented, but as in the city: homes are larger outside the centre and cost more inside it, a bed costs less the more
//! share the room, and most homes are nearly full.

use shared::divisions::DivisionCode;

use crate::seed::random::Random;

/// The seven districts of the city's centre (中心城区).
const CENTRE: [&str; 7] = ["310101", "310104", "310105", "310106", "310107", "310109", "310110"];

/// Beds of the smallest home, before they are rounded to whole rooms.
const FEWEST: u32 = 70;
/// Homes grow in steps of so many beds; so many sizes there are in the centre, and outside it.
const STEP: u32 = 10;
const SIZES_IN_CENTRE: u32 = 26;
const SIZES_OUTSIDE: u32 = 53;

/// Of a hundred rooms, so many have no bed free.
const FULL: u32 = 25;

/// The care levels of rooms, each with how many of a hundred rooms are for them.
const CARE_LEVELS: [(u32, &str); 6] =
    [(25, "0-6"), (20, "0-3"), (20, "2-6"), (15, "4-6"), (10, "1、2、3、4"), (10, "5、6")];

struct Kind {
    /// Beds of a room; of the last kind, at least.
    sharing: u32,
    /// How many of a home's beds are in such rooms, relative to its other kinds.
    weight: u32,
    /// The least price outside the centre.
    monthly_yuan: u32,
}

/// In the order of the file.
const KINDS: [Kind; 4] = [
    Kind { sharing: 1, weight: 15, monthly_yuan: 7_000 },
    Kind { sharing: 2, weight: 45, monthly_yuan: 4_800 },
    Kind { sharing: 3, weight: 20, monthly_yuan: 3_800 },
    Kind { sharing: 4, weight: 20, monthly_yuan: 3_000 },
];

/// What a home offers.
pub(super) struct Home {
    /// Single, double, triple and multiple rooms, as far as it has them; at least one.
    pub(super) rooms: [Option<Room>; 4],
}

/// The rooms of one kind.
pub(super) struct Room {
    /// As the import reads them, such as `2-6`.
    pub(super) care_levels: &'static str,
    pub(super) monthly_yuan: u32,
    pub(super) maximum: u32,
    pub(super) occupied: u32,
}

/// A home in that district.
pub(super) fn draw(district: &DivisionCode, random: &mut Random) -> Home {
    let is_central = CENTRE.contains(&district.as_str());
    let sizes = if is_central { SIZES_IN_CENTRE } else { SIZES_OUTSIDE };
    // The lesser of two: small homes are more frequent than large ones.
    let beds = FEWEST + STEP * random.below(sizes).min(random.below(sizes));
    // Of the least price: the same for all its rooms, so that more sharing always costs less.
    let percent = (100 + random.below(31)) * if is_central { 125 } else { 100 } / 100;
    // A bit for each kind, and not all zero.
    let bits = 1 + random.below(15);
    let has = |n: u32| bits >> n & 1 == 1;
    let weights: u32 = (0..).zip(&KINDS).filter(|(n, _)| has(*n)).map(|(_, kind)| kind.weight).sum();
    let mut numbers = 0..;
    let rooms = KINDS.map(|kind| {
        numbers.next().is_some_and(has).then(|| {
            let maximum = beds * kind.weight / weights / kind.sharing * kind.sharing;
            Room {
                care_levels: random.one_of(&CARE_LEVELS).unwrap_or("0-6"),
                monthly_yuan: kind.monthly_yuan * percent / 100 / 50 * 50,
                maximum,
                occupied: if random.happens(FULL) { maximum } else { partly(maximum, random) },
            }
        })
    });
    Home { rooms }
}

/// From 80 to 99 per cent of the beds.
fn partly(maximum: u32, random: &mut Random) -> u32 {
    (maximum * (80 + random.below(20))).div_ceil(100)
}
