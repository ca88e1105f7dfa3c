use serde::{Deserialize, Serialize};
use shared::input::word_of;
use utoipa::ToSchema;

/// 房型 · How many share a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomType {
    /// 单人间 · One.
    Single,
    /// 双人间 · Two.
    Double,
    /// 三人间 · Three.
    Triple,
    /// 多人间 · Four or more.
    Multiple,
}

impl RoomType {
    /// Every type with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("single", Self::Single),
        ("double", Self::Double),
        ("triple", Self::Triple),
        ("multiple", Self::Multiple),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }

    /// The type that has this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Single => "单人间",
            Self::Double => "双人间",
            Self::Triple => "三人间",
            Self::Multiple => "多人间",
        }
    }
}

/// 服务特色 · What a home offers beside a bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// 认知症照护 · Care for people with dementia.
    DementiaCare,
    /// 长护险定点 · Long-term-care insurance pays here.
    LongTermCareInsurance,
    /// 内设医疗机构 · Medical care on site.
    MedicalCare,
    /// 短期托养 · Short stays.
    ShortStay,
    /// 日间照料 · Day care.
    DayCare,
    /// 助餐服务 · Meals for the neighbourhood.
    Meals,
}

impl Feature {
    /// Every feature with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("dementia_care", Self::DementiaCare),
        ("long_term_care_insurance", Self::LongTermCareInsurance),
        ("medical_care", Self::MedicalCare),
        ("short_stay", Self::ShortStay),
        ("day_care", Self::DayCare),
        ("meals", Self::Meals),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::DementiaCare => "认知症照护",
            Self::LongTermCareInsurance => "长护险定点",
            Self::MedicalCare => "内设医疗机构",
            Self::ShortStay => "短期托养",
            Self::DayCare => "日间照料",
            Self::Meals => "助餐服务",
        }
    }
}

/// 性质 · Who owns a home, and who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// 公办 · Public.
    Public,
    /// 公建民营 · Built by the public, run privately.
    PublicBuiltPrivateRun,
    /// 民办 · Private.
    Private,
}

impl Ownership {
    /// Every kind with its word in the API.
    pub const WORDS: &[(&str, Self)] = &[
        ("public", Self::Public),
        ("public_built_private_run", Self::PublicBuiltPrivateRun),
        ("private", Self::Private),
    ];

    /// Its word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Public => "公办",
            Self::PublicBuiltPrivateRun => "公建民营",
            Self::Private => "民办",
        }
    }
}

/// 照护等级 · What the assessment of needs says: 0 (none) to 6 (the most).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct CareLevel(u8);

impl CareLevel {
    /// Every level, the least need first.
    pub const ALL: [Self; 7] = [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5), Self(6)];

    /// The level of this number.
    #[must_use]
    pub fn new(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }

    /// Its place in a list of the levels.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl TryFrom<u8> for CareLevel {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::new(i64::from(number)).ok_or("no care level has this number")
    }
}

impl From<CareLevel> for u8 {
    fn from(level: CareLevel) -> Self {
        level.0
    }
}

/// The care levels that a room serves: bit n for level n, as the store keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CareLevels(u8);

impl CareLevels {
    /// These levels.
    #[must_use]
    pub fn new(levels: &[CareLevel]) -> Self {
        Self(levels.iter().fold(0, |bits, level| bits | 1 << level.0))
    }

    /// Whether one of them is this one.
    #[must_use]
    pub fn serve(self, level: CareLevel) -> bool {
        self.0 >> level.0 & 1 == 1
    }

    /// The levels, in order.
    pub fn iter(self) -> impl Iterator<Item = CareLevel> {
        CareLevel::ALL.into_iter().filter(move |level| self.serve(*level))
    }

    /// As the store keeps them.
    #[must_use]
    pub fn bits(self) -> i64 {
        i64::from(self.0)
    }
}

/// Features as a set, as the copies for searches keep them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Features(u8);

impl Features {
    /// These features.
    #[must_use]
    pub fn new(features: &[Feature]) -> Self {
        Self(features.iter().fold(0, |bits, feature| bits | Self::bit(*feature)))
    }

    /// Whether all of these are among them.
    #[must_use]
    pub fn include(self, all: Self) -> bool {
        self.0 & all.0 == all.0
    }

    fn bit(feature: Feature) -> u8 {
        1 << Feature::WORDS.iter().position(|(_, known)| *known == feature).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_levels_serves_what_it_was_made_of() {
        let levels = [CareLevel(0), CareLevel(3), CareLevel(6)];
        let set = CareLevels::new(&levels);
        assert_eq!(set.iter().collect::<Vec<_>>(), levels);
        assert_eq!(set.bits(), 0b100_1001);
        assert!(!set.serve(CareLevel(1)));
        assert_eq!((CareLevel::new(7), CareLevel::new(-1)), (None, None));
    }

    #[test]
    fn features_include_only_what_they_have() {
        let all: Vec<_> = Feature::WORDS.iter().map(|(_, feature)| *feature).collect();
        assert!(Features::new(&all).include(Features::new(&[Feature::Meals, Feature::DementiaCare])));
        assert!(!Features::new(&all[1..]).include(Features::new(&all[..1])));
        assert!(Features::default().include(Features::default()));
    }
}
