use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    i18n::Text,
    input::{Object, Rejection, boolean, choice, day, division_code, phone, resident_id, text},
    instant::Instant,
    resident_id::{ResidentId, age_on, mask_name, mask_phone},
};
use utoipa::ToSchema;

use super::codes;
use crate::domain::{Coded as _, FreeTime, GuardianRelation, Skill, Training};

/// What of a volunteer is sealed. Has no `Debug`: people stay out of logs.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secret {
    /// Name.
    pub name: String,
    /// Resident identity number.
    pub id_number: String,
    /// Telephone.
    pub phone: String,
    /// Who consents for a minor.
    pub guardian: Option<GuardianSecret>,
}

/// What of a guardian is sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct GuardianSecret {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// What they are to the volunteer.
    pub relation: GuardianRelation,
}

impl Secret {
    /// The secret as everybody but staff sees it.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self {
            name: mask_name(&self.name),
            id_number: ResidentId::parse(&self.id_number).map(|id| id.masked()).unwrap_or_default(),
            phone: mask_phone(&self.phone),
            guardian: self.guardian.as_ref().map(|guardian| GuardianSecret {
                name: mask_name(&guardian.name),
                phone: mask_phone(&guardian.phone),
                relation: guardian.relation,
            }),
        }
    }

    /// When they were born; `None` where the number was not read here.
    #[must_use]
    pub fn born(&self) -> Option<NaiveDate> {
        ResidentId::parse(&self.id_number).ok().map(|id| id.birth_date())
    }
}

/// 监护人 · Who consents for a minor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Guardian {
    /// 姓名 · Name.
    pub name: String,
    /// 电话 · Telephone.
    pub phone: String,
    /// 关系 · What they are to the volunteer.
    pub relation: GuardianRelation,
}

/// 培训记录 · A training that a volunteer completed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrainingView {
    /// 培训 · What for.
    pub training: Training,
    /// 完成日期 · When.
    pub completed_on: NaiveDate,
}

/// 志愿者 · A volunteer; masked, except to staff who look.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Volunteer {
    /// 志愿者编号 · The public name.
    pub volunteer_no: String,
    /// 凭证 · What opens the registration; only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
    /// 姓名 · Name.
    pub name: String,
    /// 居民身份证号码 · Resident identity number.
    pub id_number: String,
    /// 电话 · Telephone.
    pub phone: String,
    /// 监护人 · Who consented for a minor.
    pub guardian: Option<Guardian>,
    /// 服务区域 · GB/T 2260 code of where they serve.
    #[schema(value_type = String, example = "310104003")]
    pub division_code: DivisionCode,
    /// 服务技能 · What they can.
    pub skills: Vec<Skill>,
    /// 服务时间 · When they are free.
    #[schema(value_type = Vec<String>, example = json!(["saturday_morning"]))]
    pub availability: Vec<FreeTime>,
    /// 培训记录 · What organisations recorded of their training.
    pub trainings: Vec<TrainingView>,
    /// 服务时间(分钟) · Minutes that count.
    pub total_minutes: i64,
    /// 星级 · Stars, 0 to 5.
    pub star: u32,
    /// 注册时间 · When they registered.
    pub registered_at: Instant,
}

/// 监护人 · Who consents for a minor.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct GuardianInput {
    /// 姓名 · Name.
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// 电话 · Telephone.
    phone: String,
    /// 关系 · What they are to the volunteer.
    relation: GuardianRelation,
    /// 同意 · That they consent; has to be `true`.
    consent: bool,
}

/// What `POST /volunteers` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct VolunteerInput {
    /// 姓名 · Name.
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// 居民身份证号码 · Resident identity number (GB 11643).
    id_number: String,
    /// 电话 · Telephone.
    phone: String,
    /// 服务区域 · GB/T 2260 code of where they serve.
    #[schema(example = "310104003")]
    division_code: String,
    /// 服务技能 · What they can; may be empty.
    skills: Vec<Skill>,
    /// 服务时间 · When they are free: a day of the week and `morning`, `afternoon` or `evening`; may be empty.
    #[schema(example = json!(["saturday_morning", "sunday_afternoon"]))]
    availability: Vec<String>,
    /// 监护人 · Needed of whoever is younger than `guardian_below_age`.
    #[schema(nullable = false)]
    guardian: Option<GuardianInput>,
    /// 同意 · That the service may keep and use this for volunteering; has to be `true`.
    consent: bool,
}

/// What the dated rules say of ages.
#[derive(Clone, Copy, Debug)]
pub struct Ages {
    /// The least age.
    pub youngest: u32,
    /// Whoever is younger needs a guardian.
    pub guardian_below: u32,
}

/// A volunteer who registers. Has no `Debug`: people stay out of logs.
pub struct NewVolunteer {
    /// Who.
    pub secret: Secret,
    /// The same, to be found again by.
    pub id: ResidentId,
    /// Where they serve.
    pub division: DivisionCode,
    /// What they can.
    pub skills: Vec<Skill>,
    /// When they are free.
    pub availability: Vec<FreeTime>,
}

impl NewVolunteer {
    /// Reads the body of `POST /volunteers`. `today` decides how old somebody is.
    pub fn read(o: &Object<'_>, today: NaiveDate, ages: Ages) -> Option<Self> {
        let name = o.required("name", text(1..=50));
        let id = o.required("id_number", resident_id(today));
        let phone = o.required("phone", phone);
        let division = o.required("division_code", division_code);
        let skills = o.required("skills", codes());
        let availability = o.required("availability", codes());
        let guardian = o.optional_object("guardian", read_guardian);
        let consent = o.required("consent", agreed);
        let id = id?;
        let age = age_on(id.birth_date(), today);
        let mut fits = true;
        if age < ages.youngest {
            o.reject("id_number", too_young(ages.youngest));
            fits = false;
        } else if age < ages.guardian_below && matches!(guardian, Some(None)) {
            o.reject("guardian", guardian_required(ages.guardian_below));
            fits = false;
        }
        consent?;
        let guardian = guardian?.filter(|_| age < ages.guardian_below);
        let secret = Secret { name: name?, id_number: id.expose().to_owned(), phone: phone?, guardian };
        let (division, skills, availability) = (division?, skills?, availability?);
        fits.then_some(Self { secret, id, division, skills, availability })
    }
}

/// `true`, for whoever agrees.
fn agreed(value: &serde_json::Value) -> Result<(), Rejection> {
    if boolean(value)? {
        return Ok(());
    }
    Err(Rejection::new("consent_required", "须同意后方可继续。", "This needs your consent."))
}

fn read_guardian(o: &Object<'_>) -> Option<GuardianSecret> {
    let name = o.required("name", text(1..=50));
    let phone = o.required("phone", phone);
    let relation = o.required("relation", choice(GuardianRelation::WORDS));
    let consent = o.required("consent", agreed);
    consent?;
    Some(GuardianSecret { name: name?, phone: phone?, relation: relation? })
}

fn too_young(youngest: u32) -> Rejection {
    Rejection {
        code: "age_below_minimum",
        message: Text::of(
            format!("注册志愿者应年满 {youngest} 周岁。"),
            format!("A volunteer has to be {youngest} or older."),
        ),
    }
}

fn guardian_required(below: u32) -> Rejection {
    Rejection {
        code: "guardian_required",
        message: Text::of(
            format!("未满 {below} 周岁的，须填写监护人并取得其同意。"),
            format!("Whoever is below {below} needs a guardian who consents."),
        ),
    }
}

/// What `PATCH /volunteers/me` takes; what isn't given stays.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct VolunteerPatch {
    /// 电话 · Telephone.
    #[schema(nullable = false)]
    phone: Option<String>,
    /// 服务区域 · GB/T 2260 code of where they serve.
    #[schema(nullable = false)]
    division_code: Option<String>,
    /// 服务技能 · What they can.
    #[schema(nullable = false)]
    skills: Option<Vec<Skill>>,
    /// 服务时间 · When they are free.
    #[schema(nullable = false)]
    availability: Option<Vec<String>>,
    /// 监护人 · Who consents for a minor.
    #[schema(nullable = false)]
    guardian: Option<GuardianInput>,
}

/// What changes of a volunteer.
pub struct Patch {
    /// Telephone.
    pub phone: Option<String>,
    /// Where they serve.
    pub division: Option<DivisionCode>,
    /// What they can.
    pub skills: Option<Vec<Skill>>,
    /// When they are free.
    pub availability: Option<Vec<FreeTime>>,
    /// Who consents for a minor.
    pub guardian: Option<GuardianSecret>,
}

impl Patch {
    /// Reads the body of `PATCH /volunteers/me`.
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let phone = o.optional("phone", phone);
        let division = o.optional("division_code", division_code);
        let skills = o.optional("skills", codes());
        let availability = o.optional("availability", codes());
        let guardian = o.optional_object("guardian", read_guardian);
        Some(Self {
            phone: phone?,
            division: division?,
            skills: skills?,
            availability: availability?,
            guardian: guardian?,
        })
    }
}

/// What `POST /volunteers/{volunteer_no}/trainings` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct TrainingInput {
    /// 培训 · What for.
    training: Training,
    /// 完成日期 · When it was completed; not ahead.
    completed_on: NaiveDate,
}

/// 培训记录 · What organisations recorded of a volunteer's training.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trainings {
    /// 志愿者编号 · The volunteer.
    pub volunteer_no: String,
    /// 培训记录 · The trainings.
    pub trainings: Vec<TrainingView>,
}

/// What `POST /volunteers/lookup` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct LookupInput {
    /// 居民身份证号码 · Resident identity number (GB 11643).
    id_number: String,
}

/// Reads the body of `POST …/trainings`.
pub fn read_training(o: &Object<'_>, today: NaiveDate) -> Option<(Training, NaiveDate)> {
    let training = o.required("training", choice(Training::WORDS));
    let on = o.required("completed_on", day).filter(|on| {
        let fits = *on <= today;
        if !fits {
            o.reject("completed_on", Rejection::new("future", "不能晚于今天。", "This can't lie ahead."));
        }
        fits
    });
    Some((training?, on?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::input::read;

    use super::*;

    const AGES: Ages = Ages { youngest: 8, guardian_below: 18 };

    fn faults(change: Value) -> Vec<(String, &'static str)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let born = |year| NaiveDate::from_ymd_opt(year, 11, 25).unwrap();
        let number = |year| ResidentId::compose("310101", born(year), 1).unwrap().expose().to_owned();
        let mut body = json!({
            "name": "样例", "id_number": number(1990), "phone": "13800000000", "division_code": "310104",
            "skills": ["driving"], "availability": [], "consent": true,
        });
        let Value::Object(change) = change else { panic!() };
        for (name, value) in change {
            body[name] = value.as_u64().map_or(value, |year| number(i32::try_from(year).unwrap()).into());
        }
        let read = read(&body, |o| NewVolunteer::read(o, today, AGES));
        let faults = read.err().map(|error| error.faults().to_vec()).unwrap_or_default();
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_minor_needs_a_guardian_who_consents_and_a_small_child_waits() {
        assert_eq!(faults(json!({})), []);
        assert_eq!(faults(json!({"id_number": 2008})), [("/guardian".into(), "guardian_required")]);
        let guardian = json!({"name": "样例", "phone": "13800000001", "relation": "parent", "consent": true});
        assert_eq!(faults(json!({"id_number": 2008, "guardian": guardian})), []);
        assert_eq!(
            faults(json!({"id_number": 2018, "guardian": guardian})),
            [("/id_number".into(), "age_below_minimum")]
        );
        let mut refuses = guardian;
        refuses["consent"] = json!(false);
        assert_eq!(
            faults(json!({"id_number": 2008, "guardian": refuses})),
            [("/guardian/consent".into(), "consent_required")]
        );
    }

    #[test]
    fn whatever_the_regulations_name_is_asked_for() {
        let rules = crate::domain::Rules::embedded().unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        for name in rules.get("registration_particulars", today).unwrap().as_list().unwrap() {
            assert_eq!(faults(json!({name.as_str(): null})), [(format!("/{name}"), "required")]);
        }
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let wrong = json!({"name": "", "skills": ["flying"], "availability": ["never"], "consent": false, "more": "x"});
        let codes: Vec<_> = faults(wrong).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, ["length", "unknown_value", "unknown_value", "consent_required", "unknown_field"]);
    }
}
