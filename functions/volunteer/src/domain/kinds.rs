//! Code lists: what volunteers can and are trained for, when they are free, and what kind of service there is.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use shared::input::word_of;
use utoipa::ToSchema;

/// A code of a list, with its words in the API.
pub trait Coded: Copy + PartialEq + 'static {
    /// Every code with its word.
    const WORDS: &'static [(&'static str, Self)];

    /// Its word.
    #[must_use]
    fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// Several codes of one list, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set<T>(u32, PhantomData<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(0, PhantomData)
    }
}

impl<T: Coded> Set<T> {
    /// These codes.
    #[must_use]
    pub fn new(codes: &[T]) -> Self {
        Self(codes.iter().fold(0, |bits, code| bits | Self::bit(*code)), PhantomData)
    }

    /// As [`Self::bits`] gave them.
    #[must_use]
    pub fn of_bits(bits: u32) -> Self {
        Self(bits, PhantomData)
    }

    /// A bit for each code, in the order of the list.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Whether the code is one of them.
    #[must_use]
    pub fn has(self, code: T) -> bool {
        self.0 & Self::bit(code) != 0
    }

    /// Those that both have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0, PhantomData)
    }

    /// Those that this has and the other lacks.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0, PhantomData)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their words, in the order of the list.
    #[must_use]
    pub fn words(self) -> Vec<String> {
        let has = T::WORDS.iter().filter(|(_, code)| self.has(*code));
        has.map(|(word, _)| (*word).to_owned()).collect()
    }

    fn bit(code: T) -> u32 {
        1 << T::WORDS.iter().position(|(_, known)| *known == code).unwrap_or_default()
    }
}

/// 服务技能 · What somebody can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Skill {
    /// 生活照料 · Everyday care.
    Caregiving,
    /// 医疗护理 · Medicine and nursing.
    MedicalNursing,
    /// 心理疏导 · Psychological support.
    PsychologicalSupport,
    /// 教学辅导 · Teaching.
    Teaching,
    /// 法律咨询 · Legal advice.
    LegalAdvice,
    /// 外语 · Foreign languages.
    ForeignLanguages,
    /// 手语 · Sign language.
    SignLanguage,
    /// 智能设备使用 · Help with telephones and computers.
    DigitalHelp,
    /// 家电维修 · Repairs at home.
    HomeRepair,
    /// 驾驶 · Driving.
    Driving,
    /// 文艺体育 · Arts and sports.
    ArtsAndSports,
    /// 活动组织 · Organising events.
    EventOrganisation,
    /// 应急救援 · Rescue.
    EmergencyRescue,
}

impl Coded for Skill {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("caregiving", Self::Caregiving),
        ("medical_nursing", Self::MedicalNursing),
        ("psychological_support", Self::PsychologicalSupport),
        ("teaching", Self::Teaching),
        ("legal_advice", Self::LegalAdvice),
        ("foreign_languages", Self::ForeignLanguages),
        ("sign_language", Self::SignLanguage),
        ("digital_help", Self::DigitalHelp),
        ("home_repair", Self::HomeRepair),
        ("driving", Self::Driving),
        ("arts_and_sports", Self::ArtsAndSports),
        ("event_organisation", Self::EventOrganisation),
        ("emergency_rescue", Self::EmergencyRescue),
    ];
}

/// 服务领域 · What a service is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 为老服务 · Elders.
    ElderCare,
    /// 助残服务 · People with disabilities.
    DisabilitySupport,
    /// 关爱儿童青少年 · Children and youth.
    ChildrenAndYouth,
    /// 济困救助 · People in need.
    PovertyRelief,
    /// 社区服务 · The neighbourhood.
    CommunityService,
    /// 文化教育 · Culture and education.
    CultureAndEducation,
    /// 生态环保 · The environment.
    Environment,
    /// 健康服务 · Health.
    Health,
    /// 应急救援 · Emergencies.
    EmergencyRelief,
    /// 大型活动 · Large events.
    LargeEvents,
    /// 文明交通与秩序 · Traffic and public order.
    PublicOrder,
    /// 其他 · Anything else.
    Other,
}

impl Coded for Field {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("elder_care", Self::ElderCare),
        ("disability_support", Self::DisabilitySupport),
        ("children_and_youth", Self::ChildrenAndYouth),
        ("poverty_relief", Self::PovertyRelief),
        ("community_service", Self::CommunityService),
        ("culture_and_education", Self::CultureAndEducation),
        ("environment", Self::Environment),
        ("health", Self::Health),
        ("emergency_relief", Self::EmergencyRelief),
        ("large_events", Self::LargeEvents),
        ("public_order", Self::PublicOrder),
        ("other", Self::Other),
    ];
}

/// 培训 · What somebody was trained for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Training {
    /// 志愿服务基础 · The basics of volunteering.
    VolunteerBasics,
    /// 急救 · First aid.
    FirstAid,
    /// 老年照护 · Care for elders.
    ElderCare,
    /// 助残服务 · Support for people with disabilities.
    DisabilitySupport,
    /// 未成年人保护 · Protection of minors.
    ChildProtection,
    /// 应急处置 · Emergencies.
    EmergencyResponse,
    /// 交通引导 · Guiding traffic.
    TrafficGuidance,
    /// 食品安全 · Food safety.
    FoodSafety,
    /// 活动服务 · Service at events.
    EventService,
}

impl Coded for Training {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("volunteer_basics", Self::VolunteerBasics),
        ("first_aid", Self::FirstAid),
        ("elder_care", Self::ElderCare),
        ("disability_support", Self::DisabilitySupport),
        ("child_protection", Self::ChildProtection),
        ("emergency_response", Self::EmergencyResponse),
        ("traffic_guidance", Self::TrafficGuidance),
        ("food_safety", Self::FoodSafety),
        ("event_service", Self::EventService),
    ];
}

/// 监护关系 · What a guardian is to a minor (Civil Code art. 27).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuardianRelation {
    /// 父母 · A parent.
    Parent,
    /// 祖父母、外祖父母 · A grandparent.
    Grandparent,
    /// 成年兄姐 · A grown-up brother or sister.
    Sibling,
    /// 其他监护人 · Another guardian.
    Other,
}

impl Coded for GuardianRelation {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("parent", Self::Parent),
        ("grandparent", Self::Grandparent),
        ("sibling", Self::Sibling),
        ("other", Self::Other),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_it_was_made_of() {
        let set = Set::new(&[Skill::Driving, Skill::Caregiving]);
        assert!(set.has(Skill::Driving) && !set.has(Skill::Teaching));
        assert_eq!(set.words(), ["caregiving", "driving"]);
        assert_eq!(Set::<Skill>::of_bits(set.bits()), set);
        assert_eq!(set.without(Set::new(&[Skill::Driving])).words(), ["caregiving"]);
        assert_eq!(set.and(Set::new(&[Skill::Driving])).words(), ["driving"]);
        assert!(Set::<Skill>::default().is_empty());
    }

    #[test]
    fn every_list_fits_the_bits_of_a_set_and_says_what_serde_says() {
        fn check<T: Coded + Serialize>() {
            assert!(T::WORDS.len() <= 32);
            for (word, code) in T::WORDS {
                assert_eq!(serde_json::to_value(code).unwrap(), *word);
            }
        }
        check::<Skill>();
        check::<Field>();
        check::<Training>();
        check::<GuardianRelation>();
    }
}
