//! Seeded numbers: the same sample on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(super) struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or_default()
    }

    /// A number from -1 to 1.
    pub(super) fn signed_unit(&mut self) -> f64 {
        f64::from(self.below(2_000_001)) / 1e6 - 1.0
    }
    /// Whether it happens, which it does in so many of a hundred cases.
    pub(super) fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the choices, each with its percentage; none for what the percentages lack of a hundred.
    pub(super) fn one_of<T: Copy>(&mut self, choices: &[(u32, T)]) -> Option<T> {
        let mut left = self.below(100);
        for (percent, choice) in choices {
            match left.checked_sub(*percent) {
                Some(less) => left = less,
                None => return Some(*choice),
            }
        }
        None
    }
}
