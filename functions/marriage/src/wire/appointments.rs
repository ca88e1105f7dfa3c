use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use shared::instant::Instant;
use shared::{
    input::{Object, boolean, choice, day, instant, phone, slug, text},
    resident_id::{Sex, mask_id_number, mask_name},
};
use utoipa::ToSchema;

use super::Office;
use crate::domain::{IdType, Identity, Material, Party, Service};

/// 预约人 · One person who comes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PartyInput {
    /// 姓名 · Name.
    pub name: String,
    /// 证件类型 · Kind of document.
    pub id_type: IdType,
    /// 证件号码 · Its number (GB 11643 for a resident identity card).
    pub id_number: String,
    /// 电话 · Telephone.
    pub phone: String,
    /// 性别 · Needed unless the document is a resident identity card.
    #[schema(nullable = false)]
    pub sex: Option<Sex>,
    /// 出生日期 · Needed unless the document is a resident identity card.
    #[schema(nullable = false)]
    pub birth_date: Option<NaiveDate>,
}

const SEXES: &[(&str, Sex)] = &[("male", Sex::Male), ("female", Sex::Female)];

impl Party {
    /// Reads one party.
    pub fn read(o: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let name = o.required("name", text(1..=50));
        let kind = o.required("id_type", choice(IdType::WORDS));
        let number = o.required("id_number", text(1..=40));
        let phone = o.required("phone", phone);
        let sex = o.optional("sex", choice(SEXES));
        let birth_date = o.optional("birth_date", day);
        let (kind, number) = (kind?, number?);
        let identity = match Identity::parse(kind, &number, today) {
            Ok(identity) => identity,
            Err(rejection) => {
                o.reject("id_number", rejection);
                return None;
            }
        };
        let (sex, birth_date) = match &identity {
            Identity::Resident(id) => {
                let (sex, birth_date) = (sex?, birth_date?);
                if sex.is_some_and(|sex| sex != id.sex()) {
                    o.reject("sex", crate::domain::contradiction("性别", "sex"));
                }
                if birth_date.is_some_and(|day| day != id.birth_date()) {
                    o.reject("birth_date", crate::domain::contradiction("出生日期", "date of birth"));
                }
                (id.sex(), id.birth_date())
            }
            Identity::Document { .. } => {
                let sex = o.required("sex", choice(SEXES));
                let birth_date = o.required("birth_date", day);
                (sex?, birth_date?)
            }
        };
        Some(Self { name: name?, identity, phone: phone?, sex, birth_date })
    }
}

/// 预约 · What `POST /appointments` takes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AppointmentInput {
    /// The office.
    pub office_id: String,
    /// The service.
    pub service: Service,
    /// When the slot begins.
    pub start: DateTime<FixedOffset>,
    /// A hold on the seat, from `POST /holds`.
    #[schema(nullable = false)]
    pub hold: Option<String>,
    /// Who comes.
    #[schema(min_items = 1, max_items = 2)]
    pub parties: Vec<PartyInput>,
    /// 颁证仪式 · With a ceremony.
    #[serde(default)]
    pub with_ceremony: bool,
}

/// A seat that somebody asks for.
pub struct Seat {
    /// The office.
    pub office_id: String,
    /// The service.
    pub service: Service,
    /// When the slot begins, Unix seconds.
    pub start: i64,
}

impl Seat {
    fn read(o: &Object<'_>) -> Option<Self> {
        let office_id = o.required("office_id", slug);
        let service = o.required("service", choice(Service::WORDS));
        let start = o.required("start", instant);
        Some(Self { office_id: office_id?, service: service?, start: start?.timestamp() })
    }
}

/// A booking that somebody asks for.
pub struct NewAppointment {
    /// The seat.
    pub seat: Seat,
    /// The secret of a hold on it.
    pub hold: Option<String>,
    /// Who comes.
    pub parties: Vec<Party>,
    /// With a ceremony.
    pub with_ceremony: bool,
}

impl NewAppointment {
    /// Reads the body.
    pub fn read(o: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let seat = Seat::read(o);
        let hold = o.optional("hold", text(1..=100));
        let count = seat.as_ref().map_or(1..=2, |seat| seat.service.parties());
        let parties = o.required_objects("parties", count, |party| Party::read(party, today));
        let with_ceremony = o.optional("with_ceremony", boolean);
        Some(Self {
            seat: seat?,
            hold: hold?,
            parties: parties?,
            with_ceremony: with_ceremony?.unwrap_or(false),
        })
    }
}

/// 保留席位 · What `POST /holds` takes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HoldInput {
    /// The office.
    pub office_id: String,
    /// The service.
    pub service: Service,
    /// When the slot begins.
    pub start: DateTime<FixedOffset>,
}

impl HoldInput {
    /// Reads the body.
    pub fn read(o: &Object<'_>) -> Option<Seat> {
        Seat::read(o)
    }
}

/// 已保留的席位 · A seat kept for a while.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldView {
    /// The hold's secret, for `POST /appointments`.
    pub hold: String,
    /// Until when the seat is kept.
    pub expires_at: Instant,
}

/// 改期 · What `PATCH /appointments/{reference}` takes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RescheduleInput {
    /// Another office.
    #[schema(nullable = false)]
    pub office_id: Option<String>,
    /// When the new slot begins.
    pub start: DateTime<FixedOffset>,
}

impl RescheduleInput {
    /// Reads the body: an office, where another one is wanted, and the start in Unix seconds.
    pub fn read(o: &Object<'_>) -> Option<(Option<String>, i64)> {
        let office = o.optional("office_id", slug);
        let start = o.required("start", instant);
        Some((office?, start?.timestamp()))
    }
}

/// 预约人 · One person who comes, masked unless a registrar looks.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyView {
    /// 姓名 · `张*`.
    pub name: String,
    /// 证件类型 · Kind of document.
    pub id_type: IdType,
    /// 证件号码 · `310101********1234`.
    pub id_number: String,
    /// 电话 · Only for a registrar.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phone: Option<String>,
}

impl PartyView {
    /// The party as its owner and strangers see it.
    #[must_use]
    pub fn masked(party: &Party) -> Self {
        Self {
            name: mask_name(&party.name),
            id_type: party.identity.kind(),
            id_number: match &party.identity {
                Identity::Resident(id) => id.masked(),
                Identity::Document { number, .. } => mask_id_number(number),
            },
            phone: None,
        }
    }

    /// The party as the registrar sees it; the look is audited first.
    #[must_use]
    pub fn unmasked(party: &Party) -> Self {
        Self {
            name: party.name.clone(),
            id_type: party.identity.kind(),
            id_number: party.expose_id_number().to_owned(),
            phone: Some(party.phone.clone()),
        }
    }
}

/// Where to go on from an appointment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Links {
    /// The appointment.
    #[serde(rename = "self")]
    pub this: String,
    /// Its cancellation, by `POST`.
    pub cancel: String,
    /// Its calendar file.
    pub calendar: String,
    /// The rules that applied, with their sources.
    pub rules: String,
}

/// 预约状态 · What became of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentStatus {
    /// 已预约 · It stands.
    Confirmed,
    /// 已到场 · They came.
    CheckedIn,
    /// 已办结 · Done.
    Completed,
    /// 已取消 · Cancelled.
    Cancelled,
    /// 爽约 · They did not come.
    NoShow,
}

/// 预约 · An appointment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppointmentView {
    /// 预约号 · Its public name.
    pub reference: String,
    /// 凭证 · The capability token, in the answer that creates it only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
    /// What became of it.
    pub status: AppointmentStatus,
    /// Where.
    pub office: Office,
    /// What for.
    pub service: Service,
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Who comes.
    pub parties: Vec<PartyView>,
    /// 所需材料 · What to bring.
    pub materials: Vec<Material>,
    /// 颁证仪式 · With a ceremony.
    pub with_ceremony: bool,
    /// 取消、改期截止 · Until when it can be cancelled or moved.
    pub cancel_before: Instant,
    /// Where to go on.
    pub links: Links,
}

/// 当日预约 · Appointments of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Appointments {
    /// By start.
    pub items: Vec<AppointmentView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}
