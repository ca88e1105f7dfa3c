use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{
    divisions::DivisionCode,
    geo::Position,
    input::{
        Object, Rejection, boolean, choice, day, division_code, integer, lines, list, phone, position, slug,
        text,
    },
    map::check_place,
};
use utoipa::ToSchema;

use super::{ShiftInput, ShiftLimits, ShiftView, read_shift};
use crate::domain::{
    Coded, Detail, Field, Insurance, Match, NewOpportunity, NewShift, OpportunityStatus, Requirements, Shift,
    Skill, Training,
};

/// The greatest age that a requirement may name.
const OLDEST: i64 = 120;

/// What of an opportunity no clock and no sign-up changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// The organisation.
    pub organisation_id: String,
    /// 组织名称 · Its name.
    pub organisation_name: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String, example = "310104003")]
    pub division_code: DivisionCode,
    /// WGS 84.
    pub location: Position,
    /// 样例数据 · Sample data: this opportunity is made up.
    pub sample: bool,
    /// What the organisation says of it.
    #[serde(flatten)]
    pub detail: Detail,
}

/// What of an opportunity changes with sign-ups, with time and with the question.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpportunityNow {
    /// 班次 · Its shifts, in the order of time; of a search those that were asked about.
    pub shifts: Vec<ShiftView>,
    /// Distance from `near` in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub distance_m: Option<u32>,
    /// 匹配 · How well it fits, and why; only for whoever comes with a volunteer's token.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matched: Option<Match>,
}

/// 志愿服务项目 · An opportunity to serve.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Opportunity {
    /// What stays.
    #[serde(flatten)]
    pub head: Head,
    /// 状态 · How far it has come.
    pub status: OpportunityStatus,
    /// What changes.
    #[serde(flatten)]
    pub now: OpportunityNow,
}

impl OpportunityNow {
    /// What shifts are at an instant, in Unix seconds.
    #[must_use]
    pub fn of<'a>(
        shifts: impl Iterator<Item = &'a Shift>,
        distance_m: Option<u32>,
        matched: Option<Match>,
        now: i64,
    ) -> Self {
        Self { shifts: shifts.map(|shift| ShiftView::of(shift, now)).collect(), distance_m, matched }
    }
}

/// 保险 · The accident insurance of the volunteers.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct InsuranceInput {
    /// 承保机构 · The insurer.
    #[schema(min_length = 1, max_length = 80)]
    insurer: String,
    /// 保单号 · The number of the policy.
    #[schema(min_length = 1, max_length = 60)]
    policy: String,
    /// 保障截止日 · The last day that it covers.
    until: NaiveDate,
}

/// 报名条件 · What a volunteer needs.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct RequirementsInput {
    /// 最低年龄 · The least age, in full years on the day of the shift.
    #[schema(minimum = 0, maximum = 120, nullable = false)]
    minimum_age: Option<u32>,
    /// 最高年龄 · The greatest age.
    #[schema(minimum = 0, maximum = 120, nullable = false)]
    maximum_age: Option<u32>,
    /// 必备技能 · Every one of these skills.
    #[schema(nullable = false)]
    skills: Option<Vec<Skill>>,
    /// 必经培训 · Every one of these trainings.
    #[schema(nullable = false)]
    trainings: Option<Vec<Training>>,
    /// 身体条件 · What one's health has to be.
    #[schema(max_length = 300, nullable = false)]
    health: Option<String>,
}

/// What `POST /opportunities` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct OpportunityInput {
    /// The organisation.
    organisation_id: String,
    /// 名称 · What it is called.
    #[schema(min_length = 1, max_length = 80)]
    title: String,
    /// 服务领域 · What it is for.
    field: Field,
    /// 服务内容 · What is done.
    #[schema(min_length = 1, max_length = 2000)]
    description: String,
    /// GB/T 2260 division code; the place has to lie in it.
    #[schema(example = "310104003")]
    division_code: String,
    /// 集合地址 · Where one comes to.
    #[schema(min_length = 1, max_length = 200)]
    address: String,
    /// WGS 84.
    location: Position,
    /// 联系电话 · Whom to call.
    phone: String,
    /// 可发挥的技能 · Skills that are of use.
    #[schema(nullable = false)]
    skills: Option<Vec<Skill>>,
    /// 风险提示 · The risks that may arise; also that there are none to speak of.
    #[schema(min_length = 1, max_length = 1000)]
    risks: String,
    /// 可能危及人身安全 · Whether it may endanger the person: then there has to be an insurance.
    dangerous: bool,
    /// 保险 · The accident insurance.
    #[schema(nullable = false)]
    insurance: Option<InsuranceInput>,
    /// 适合未成年人 · Whether minors may take part.
    for_minors: bool,
    /// 报名条件 · What a volunteer needs.
    #[schema(nullable = false)]
    requirements: Option<RequirementsInput>,
    /// 样例数据 · Sample data: it is made up.
    #[schema(nullable = false)]
    sample: Option<bool>,
    /// 班次 · Shifts that it begins with; more can be added. Not where an opportunity is changed.
    #[schema(max_items = 100, nullable = false)]
    shifts: Option<Vec<ShiftInput>>,
}

/// What the dated rules ask of who recruits (Volunteer Service Regulations, arts. 12 and 17).
#[derive(Clone, Copy, Debug)]
pub struct Duties {
    /// To tell the risks.
    pub tells_risks: bool,
    /// To insure volunteers against what may endanger them.
    pub insures: bool,
    /// From which age on nobody is a minor.
    pub grown_at: u32,
}

/// Reads the body of `POST /opportunities`.
pub fn read_opportunity(
    o: &Object<'_>,
    duties: Duties,
    limits: &ShiftLimits,
) -> Option<(NewOpportunity, Vec<NewShift>)> {
    let opportunity = read_changed_opportunity(o, duties);
    let shifts = o.optional_objects("shifts", 1..=100, |s| read_shift(s, limits));
    let (opportunity, shifts) = (opportunity?, shifts?.unwrap_or_default());
    let is_covered = |shift: &NewShift| opportunity.detail.covers(shift.ends_at);
    if duties.insures && !shifts.iter().all(is_covered) {
        o.reject("insurance", insurance_required());
        return None;
    }
    Some((opportunity, shifts))
}

/// Reads the body of `PUT /opportunities/{id}`: the same without shifts.
pub fn read_changed_opportunity(o: &Object<'_>, duties: Duties) -> Option<NewOpportunity> {
    let organisation = o.required("organisation_id", slug);
    let title = o.required("title", text(1..=80));
    let field = o.required("field", choice(Field::WORDS));
    let description = o.required("description", lines(1..=2_000));
    let division = o.required("division_code", division_code);
    let address = o.required("address", text(1..=200));
    let location = o.required("location", position);
    let phone = o.required("phone", phone);
    let skills = o.optional("skills", codes());
    let risks = if duties.tells_risks {
        o.required("risks", lines(1..=1_000))
    } else {
        o.optional("risks", lines(1..=1_000)).map(Option::unwrap_or_default)
    };
    let dangerous = o.required("dangerous", boolean);
    let insurance = o.optional_object("insurance", read_insurance);
    let for_minors = o.required("for_minors", boolean);
    let requirements = o.optional_object("requirements", read_requirements);
    let sample = o.optional("sample", boolean);
    let is_insured = insurance.as_ref().is_some_and(Option::is_some);
    let mut fits = true;
    if duties.insures && dangerous == Some(true) && insurance.is_some() && !is_insured {
        o.reject("insurance", insurance_required());
        fits = false;
    }
    let least = requirements.as_ref().and_then(|needs| needs.as_ref()?.minimum_age);
    if for_minors == Some(true) && least.is_some_and(|least| least >= duties.grown_at) {
        o.reject("for_minors", not_for_minors());
        fits = false;
    }
    let (division, location) = (division?, location?.rounded());
    if let Err(rejection) = check_place(&division, location) {
        o.reject(if rejection.code == "division_code" { "division_code" } else { "location" }, rejection);
        return None;
    }
    if !fits {
        return None;
    }
    Some(NewOpportunity {
        organisation: organisation?,
        division,
        location,
        sample: sample?.unwrap_or_default(),
        detail: Detail {
            title: title?,
            field: field?,
            description: description?,
            address: address?,
            phone: phone?,
            skills: skills?.unwrap_or_default(),
            risks: risks?,
            dangerous: dangerous?,
            insurance: insurance?,
            for_minors: for_minors?,
            requirements: requirements?.unwrap_or_default(),
        },
    })
}

/// A list of codes, each once; may be empty.
pub(super) fn codes<T: Coded>() -> impl Fn(&Value) -> Result<Vec<T>, Rejection> {
    list(0..=T::WORDS.len(), choice(T::WORDS))
}

fn not_for_minors() -> Rejection {
    Rejection::new(
        "contradiction",
        "最低年龄已排除未成年人。",
        "The least age keeps minors out: this says that they may take part.",
    )
}

fn insurance_required() -> Rejection {
    Rejection::new(
        "insurance_required",
        "可能危及人身安全的志愿服务须购买人身意外伤害保险，且保障期应覆盖全部班次。",
        "A service that may endanger the person needs an accident insurance, which covers every shift.",
    )
}

fn read_insurance(o: &Object<'_>) -> Option<Insurance> {
    let insurer = o.required("insurer", text(1..=80));
    let policy = o.required("policy", text(1..=60));
    let until = o.required("until", day);
    Some(Insurance { insurer: insurer?, policy: policy?, until: until? })
}

fn read_requirements(o: &Object<'_>) -> Option<Requirements> {
    let age = |name| o.optional(name, integer(0..=OLDEST));
    let (least, most) = (age("minimum_age"), age("maximum_age"));
    let skills = o.optional("skills", codes());
    let trainings = o.optional("trainings", codes());
    let health = o.optional("health", text(1..=300));
    let (least, most) = (least?, most?);
    if least.zip(most).is_some_and(|(least, most)| least > most) {
        let reason = Rejection::new("range", "不应小于最低年龄。", "This must not be below the least age.");
        o.reject("maximum_age", reason);
        return None;
    }
    let age = |age: Option<i64>| age.and_then(|age| u32::try_from(age).ok());
    Some(Requirements {
        minimum_age: age(least),
        maximum_age: age(most),
        skills: skills?.unwrap_or_default(),
        trainings: trainings?.unwrap_or_default(),
        health: health?,
    })
}

/// What an organisation offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnOpportunities {
    /// By age.
    pub items: Vec<Opportunity>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What `GET /organisations/{id}/opportunities` is asked for: the status, the cursor and how many.
pub fn read_own_opportunities(q: &Object<'_>) -> Option<(Option<OpportunityStatus>, i64, i64)> {
    let status = q.optional("status", choice(OpportunityStatus::WORDS));
    let cursor = q.optional("cursor", integer(0..=i64::MAX));
    let limit = q.optional("limit", integer(1..=100));
    Some((status?, cursor?.unwrap_or(0), limit?.unwrap_or(20)))
}
