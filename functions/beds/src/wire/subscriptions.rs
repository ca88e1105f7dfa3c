use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    geo,
    input::{Object, Rejection, choice, division_code, integer, list, phone},
    instant::Instant,
    map::{Area, near},
    resident_id::mask_phone,
};
use utoipa::ToSchema;

use super::care_level;
use crate::domain::{
    Ages, CareLevel, Feature, Features, MOST_BEDS, MOST_MONTHLY_FEN, NewEntry, Ownership, Room, RoomFilter,
    RoomType,
};

/// 提醒条件 · What has to hold of a bed; every part that is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Filters {
    /// WGS 84; with `radius_m`. Forgotten when the subscription ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub near: Option<geo::Position>,
    /// Within so many metres of `near`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 150_000)]
    pub radius_m: Option<u32>,
    /// GB/T 2260.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>)]
    pub division_code: Option<DivisionCode>,
    /// 照护等级 · Serving this care level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<u8>)]
    pub care_level: Option<CareLevel>,
    /// 房型 · Of this type.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub room_type: Option<RoomType>,
    /// 最高月费 · At most so much a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max_monthly_fen: Option<i64>,
    /// 服务特色 · Offering all of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// 性质 · Owned so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ownership: Option<Ownership>,
    /// 空床数 · With at least so many vacant beds.
    #[serde(default = "one")]
    #[schema(minimum = 1)]
    pub min_available: i64,
}

fn one() -> i64 {
    1
}

/// 联系方式 · How to tell.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    /// 电话 · Telephone; masked in answers.
    pub phone: String,
}

/// What `POST /subscriptions` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct SubscriptionInput {
    /// What has to hold.
    filters: Filters,
    /// How to tell.
    contact: Contact,
}

impl Filters {
    fn read(o: &Object<'_>) -> Option<Self> {
        let near = o.optional("near", near);
        let radius_m = o.optional("radius_m", integer(1..=150_000));
        let division_code = o.optional("division_code", division_code);
        let care_level = o.optional("care_level", care_level);
        let room_type = o.optional("room_type", choice(RoomType::WORDS));
        let max_monthly_fen = o.optional("max_monthly_fen", integer(0..=MOST_MONTHLY_FEN));
        let features = o.optional("features", list(0..=Feature::WORDS.len(), choice(Feature::WORDS)));
        let ownership = o.optional("ownership", choice(Ownership::WORDS));
        let min_available = o.optional("min_available", integer(1..=MOST_BEDS));
        let (near, radius_m) = (near?, radius_m?);
        if near.is_some() != radius_m.is_some() {
            let missing = if near.is_some() { "radius_m" } else { "near" };
            let reason = "near 与 radius_m 须一起使用。";
            o.reject(missing, Rejection::new("required", reason, "near and radius_m go together."));
            return None;
        }
        Some(Self {
            near,
            radius_m: radius_m.and_then(|radius| u32::try_from(radius).ok()),
            division_code: division_code?,
            care_level: care_level?,
            room_type: room_type?,
            max_monthly_fen: max_monthly_fen?,
            features: features?.unwrap_or_default(),
            ownership: ownership?,
            min_available: min_available?.unwrap_or(1),
        })
    }

    /// Whether rooms of an institution fit at an instant.
    #[must_use]
    pub fn fit(&self, home: &NewEntry, room: &Room, (ages, now): (Ages, i64)) -> bool {
        let area = Area::new(self.near, self.radius_m, None, self.division_code);
        let rooms = RoomFilter {
            care_level: self.care_level,
            room_type: self.room_type,
            max_monthly_fen: self.max_monthly_fen,
            min_available: Some(self.min_available),
        };
        let facts = &home.facts;
        area.contains(&facts.location, &facts.division)
            && area.reaches(area.distance_m(&facts.location))
            && facts.features.include(Features::new(&self.features))
            && self.ownership.is_none_or(|ownership| ownership == facts.ownership)
            && rooms.fits(room, ages, now)
    }
}

/// Reads the body of `POST /subscriptions`.
pub fn read_subscription(o: &Object<'_>) -> Option<(Filters, Contact)> {
    let filters = o.required_object("filters", Filters::read);
    let contact = o.required_object("contact", |c| Some(Contact { phone: c.required("phone", phone)? }));
    Some((filters?, contact?))
}

impl Contact {
    /// The contact as answers show it.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self { phone: mask_phone(&self.phone) }
    }
}

/// 空床 · A bed that opened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Match {
    /// The institution.
    pub institution_id: String,
    /// Its name.
    pub institution_name: String,
    /// The room type.
    pub room_type: RoomType,
    /// How many were vacant then.
    pub available: i64,
    /// When.
    pub at: Instant,
}

/// 空床提醒 · A wish to be told when a bed opens.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Subscription {
    /// Its public name.
    pub id: String,
    /// 凭证 · What opens it; only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
    /// What has to hold.
    pub filters: Filters,
    /// How to tell.
    pub contact: Contact,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends by itself (the parameter `subscription_days`).
    pub expires_at: Instant,
    /// 已匹配 · Beds that opened since, the latest first, at most 20.
    pub matches: Vec<Match>,
}
