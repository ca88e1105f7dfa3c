//! What callers send about applications.

use chrono::NaiveDate;
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    i18n::Text,
    input::{
        Object, Rejection, choice, day, division_code, integer, phone, resident_id, slug, text, word_of,
    },
    resident_id::{ResidentId, age_on},
};
use utoipa::ToSchema;

use super::Secret;
use crate::{
    domain::{ApplicationStatus, CareLevel, Place, RoomType},
    wire::care_level,
};

/// 申请人 · Who wants a bed.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct ApplicantInput {
    /// 姓名 · Name.
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// 居民身份证号码 · Resident identity number (GB 11643).
    id_number: String,
    /// 电话 · Telephone.
    phone: String,
    /// 户籍所在区划 · GB/T 2260 code of where the household is registered.
    #[schema(example = "310104003")]
    division_code: String,
    /// 照护等级 · What the assessment of needs says.
    #[schema(minimum = 0, maximum = 6)]
    care_level: u8,
}

/// 志愿 · Rooms of one type in one institution.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct PreferenceInput {
    /// The institution.
    institution_id: String,
    /// The room type.
    room_type: RoomType,
}

/// What `POST /applications` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct ApplicationInput {
    /// 申请人 · Who wants a bed.
    applicant: ApplicantInput,
    /// 志愿 · Where, each once; at most as many as the parameter `preferences_most` says.
    #[schema(min_items = 1, max_items = 3)]
    preferences: Vec<PreferenceInput>,
}

/// An application that somebody makes. Has no `Debug`: people stay out of logs.
pub struct NewApplication {
    /// Who.
    pub secret: Secret,
    /// The same, to be found again by.
    pub id: ResidentId,
    /// Where the household is registered.
    pub division: DivisionCode,
    /// What the assessment says.
    pub care_level: CareLevel,
    /// Where.
    pub preferences: Vec<Place>,
}

impl NewApplication {
    /// Reads the body of `POST /applications`. `today` decides whose birth lies ahead; `youngest` is the least age, in
    /// full years, and `most` how many preferences there may be.
    pub fn read(o: &Object<'_>, today: NaiveDate, (youngest, most): (u32, usize)) -> Option<Self> {
        let applicant = o.required_object("applicant", |a| {
            let name = a.required("name", text(1..=50));
            let id = a.required("id_number", resident_id(today)).filter(|id| {
                let fits = age_on(id.birth_date(), today) >= youngest;
                if !fits {
                    a.reject("id_number", too_young(youngest));
                }
                fits
            });
            let phone = a.required("phone", phone);
            let division = a.required("division_code", division_code);
            let care_level = a.required("care_level", care_level);
            let id = id?;
            let secret = Secret { name: name?, id_number: id.expose().to_owned(), phone: phone? };
            Some((secret, id, division?, care_level?))
        });
        let preferences = o.required_objects("preferences", 1..=most, |p| {
            let institution = p.required("institution_id", slug);
            let room_type = p.required("room_type", choice(RoomType::WORDS));
            Some(Place { institution: institution?, room_type: room_type? })
        });
        let preferences = preferences.filter(|preferences| o.all_different("preferences", preferences));
        let (secret, id, division, care_level) = applicant?;
        Some(Self { secret, id, division, care_level, preferences: preferences? })
    }
}

fn too_young(youngest: u32) -> Rejection {
    Rejection {
        code: "age_below_minimum",
        message: Text::of(
            format!("申请人应年满 {youngest} 周岁。"),
            format!("An applicant has to be {youngest} or older."),
        ),
    }
}

/// What `GET /institutions/{id}/applications` is asked for.
pub struct ApplicationsQuery {
    /// Of this room type.
    pub room_type: Option<RoomType>,
    /// With this status; those that wait where it isn't given.
    pub status: ApplicationStatus,
    /// Behind this.
    pub cursor: Option<String>,
    /// How many.
    pub limit: i64,
}

impl ApplicationsQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let room_type = q.optional("room_type", choice(RoomType::WORDS));
        let status = q.optional("status", choice(ApplicationStatus::WORDS));
        let cursor = q.optional("cursor", text(1..=200));
        let limit = q.optional("limit", integer(1..=100));
        Some(Self {
            room_type: room_type?,
            status: status?.unwrap_or(ApplicationStatus::Waiting),
            cursor: cursor?,
            limit: limit?.unwrap_or(20),
        })
    }
}

/// What `POST /applications/{reference}/offers` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct OfferInput {
    /// The institution, one of the preferences.
    institution_id: String,
    /// The room type.
    room_type: RoomType,
    /// 不按顺序的理由 · Why this one comes before others who are first in the queue; goes into the audit log.
    #[schema(nullable = false)]
    out_of_order_reason: Option<OutOfOrder>,
}

/// 不按顺序的理由 · Why somebody is offered a bed before others. Words, not text: the log keeps them for ever, and holds nothing
/// of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutOfOrder {
    /// 紧急情况 · An emergency.
    Emergency,
    /// 出院衔接 · Straight from hospital.
    HospitalDischarge,
    /// 夫妻同住 · A couple stays together.
    CoupleTogether,
    /// 床位不适合前序老人 · The bed doesn't suit those before.
    BedUnsuitable,
    /// 其他 · Something else, which stands in the home's own file.
    Other,
}

impl OutOfOrder {
    /// Every reason with its word.
    pub const WORDS: &[(&str, Self)] = &[
        ("emergency", Self::Emergency),
        ("hospital_discharge", Self::HospitalDischarge),
        ("couple_together", Self::CoupleTogether),
        ("bed_unsuitable", Self::BedUnsuitable),
        ("other", Self::Other),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// Reads the body of `POST …/offers`: where, and why before others.
pub fn read_offer(o: &Object<'_>) -> Option<(Place, Option<OutOfOrder>)> {
    let institution = o.required("institution_id", slug);
    let room_type = o.required("room_type", choice(RoomType::WORDS));
    let reason = o.optional("out_of_order_reason", choice(OutOfOrder::WORDS));
    Some((Place { institution: institution?, room_type: room_type? }, reason?))
}

/// What `POST /applications/{reference}/assess` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct AssessmentInput {
    /// 照护等级 · What the assessment says.
    #[schema(minimum = 0, maximum = 6)]
    care_level: u8,
    /// 评估日期 · Its day; not ahead.
    assessed_on: NaiveDate,
}

/// Reads the body of `POST …/assess`.
pub fn read_assessment(o: &Object<'_>, today: NaiveDate) -> Option<(CareLevel, NaiveDate)> {
    let level = o.required("care_level", care_level);
    let on = o.required("assessed_on", day).filter(|on| {
        let fits = *on <= today;
        if !fits {
            o.reject("assessed_on", Rejection::new("future", "不能晚于今天。", "This can't lie ahead."));
        }
        fits
    });
    Some((level?, on?))
}
