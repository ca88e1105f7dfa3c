//! Opportunities and their shifts, and what they ask of a volunteer.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::{calendar, divisions::DivisionCode, geo::Position, input::word_of};
use utoipa::ToSchema;

use super::{Field, Skill, Training};

/// 状态 · How far an opportunity has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpportunityStatus {
    /// 草稿 · Only its organisation sees it.
    Draft,
    /// 招募中 · Everybody sees it and may sign up.
    Published,
    /// 已结束招募 · Nobody signs up any more; shifts that were agreed upon still take place.
    Closed,
}

impl OpportunityStatus {
    /// Every status with its word.
    pub const WORDS: &[(&str, Self)] =
        &[("draft", Self::Draft), ("published", Self::Published), ("closed", Self::Closed)];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// 报名条件 · What a volunteer needs (Volunteer Service Regulations, arts. 15 and 16).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Requirements {
    /// 最低年龄 · The least age, in full years on the day of the shift.
    pub minimum_age: Option<u32>,
    /// 最高年龄 · The greatest age.
    pub maximum_age: Option<u32>,
    /// 必备技能 · Every one of these skills.
    pub skills: Vec<Skill>,
    /// 必经培训 · Every one of these trainings, as the organisation recorded them.
    pub trainings: Vec<Training>,
    /// 身体条件 · What one's health has to be; whoever signs up confirms it.
    pub health: Option<String>,
}

/// 人身意外伤害保险 · The accident insurance of the volunteers (Volunteer Service Regulations, art. 17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Insurance {
    /// 承保机构 · The insurer.
    pub insurer: String,
    /// 保单号 · The number of the policy.
    pub policy: String,
    /// 保障截止日 · The last day that it covers.
    pub until: NaiveDate,
}

/// What an organisation says of an opportunity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Detail {
    /// 名称 · What it is called.
    pub title: String,
    /// 服务领域 · What it is for.
    pub field: Field,
    /// 服务内容 · What is done.
    pub description: String,
    /// 集合地址 · Where one comes to.
    pub address: String,
    /// 联系电话 · Whom to call.
    pub phone: String,
    /// 可发挥的技能 · Skills that are of use.
    pub skills: Vec<Skill>,
    /// 风险提示 · The risks that may arise (Volunteer Service Regulations, art. 12).
    pub risks: String,
    /// 可能危及人身安全 · Whether it may endanger the person.
    pub dangerous: bool,
    /// 保险 · The accident insurance; there has to be one where it is dangerous.
    pub insurance: Option<Insurance>,
    /// 适合未成年人 · Whether minors may take part.
    pub for_minors: bool,
    /// 报名条件 · What a volunteer needs.
    pub requirements: Requirements,
}

impl Detail {
    /// Skills that are of use or needed.
    #[must_use]
    pub fn all_skills(&self) -> Vec<Skill> {
        self.skills.iter().chain(&self.requirements.skills).copied().collect()
    }

    /// Whether the insurance, where there has to be one, covers a shift that ends then.
    #[must_use]
    pub fn covers(&self, ends_at: i64) -> bool {
        let last = chrono::DateTime::from_timestamp(ends_at - 1, 0).map(calendar::day_of);
        let until = self.insurance.as_ref().map(|insurance| insurance.until);
        !self.dangerous || until.zip(last).is_some_and(|(until, last)| last <= until)
    }
}

/// An opportunity that an organisation offers.
#[derive(Clone, Debug)]
pub struct NewOpportunity {
    /// The organisation's id.
    pub organisation: String,
    /// Where it lies.
    pub division: DivisionCode,
    /// The same, on the map.
    pub location: Position,
    /// Made up.
    pub sample: bool,
    /// What is said of it.
    pub detail: Detail,
}

/// A shift that is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewShift {
    /// When it begins, in Unix seconds.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// How many take part.
    pub capacity: u32,
    /// How many may wait.
    pub waitlist_capacity: u32,
}

/// 班次状态 · Whether one can sign up for a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShiftStatus {
    /// 可报名 · There are places.
    Open,
    /// 可候补 · There is room on the waitlist.
    Waitlist,
    /// 已满 · There is neither.
    Full,
    /// 已开始 · It has begun, or is over.
    Started,
    /// 已取消 · It doesn't take place.
    Cancelled,
}

/// A shift, as searches and answers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its public name.
    pub id: ShiftId,
    /// When it begins, in Unix seconds.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// How many take part.
    pub capacity: u32,
    /// How many have a place.
    pub confirmed: u32,
    /// How many wait.
    pub waitlisted: u32,
    /// How many may wait.
    pub waitlist_capacity: u32,
    /// Whether it doesn't take place.
    pub is_cancelled: bool,
}

impl Shift {
    /// The day on which it begins.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        calendar::day_of(chrono::DateTime::from_timestamp(self.starts_at, 0).unwrap_or_default())
    }

    /// Places that are free.
    #[must_use]
    pub fn remaining(&self) -> u32 {
        self.capacity.saturating_sub(self.confirmed)
    }

    /// Whether one can sign up at an instant.
    #[must_use]
    pub fn status(&self, now: i64) -> ShiftStatus {
        if self.is_cancelled {
            ShiftStatus::Cancelled
        } else if self.starts_at <= now {
            ShiftStatus::Started
        } else if self.remaining() > 0 {
            ShiftStatus::Open
        } else if self.waitlisted < self.waitlist_capacity {
            ShiftStatus::Waitlist
        } else {
            ShiftStatus::Full
        }
    }
}

/// The public name of a shift: thirteen ASCII characters, kept in place so that thousands of them cost no allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShiftId([u8; 13]);

impl ShiftId {
    /// Reads a name; `None` where it can't be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        text.as_bytes().try_into().ok().filter(|_| is_name).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Serialize for ShiftId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(self.as_str())
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for ShiftId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no name of a shift"))
        } else {
            <[u8; 13]>::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(confirmed: u32, waitlisted: u32) -> Shift {
        Shift {
            id: ShiftId::parse("H000000000000").unwrap(),
            starts_at: 100,
            ends_at: 200,
            capacity: 2,
            confirmed,
            waitlisted,
            waitlist_capacity: 1,
            is_cancelled: false,
        }
    }

    #[test]
    fn a_shift_fills_up_then_its_waitlist_and_nobody_joins_what_has_begun() {
        assert_eq!(shift(1, 0).status(99), ShiftStatus::Open);
        assert_eq!(shift(2, 0).status(99), ShiftStatus::Waitlist);
        assert_eq!(shift(2, 1).status(99), ShiftStatus::Full);
        assert_eq!(shift(1, 0).status(100), ShiftStatus::Started);
        assert_eq!(Shift { is_cancelled: true, ..shift(0, 0) }.status(0), ShiftStatus::Cancelled);
    }

    #[test]
    fn a_name_is_thirteen_letters_and_digits() {
        let id = ShiftId::parse("H0123456789AB").unwrap();
        assert_eq!(id.as_str(), "H0123456789AB");
        assert_eq!(serde_json::to_value(id).unwrap(), "H0123456789AB");
        assert_eq!((ShiftId::parse("H"), ShiftId::parse("H0123456789é")), (None, None));
    }
}
