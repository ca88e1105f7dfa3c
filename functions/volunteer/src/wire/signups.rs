use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    input::{Object, boolean, choice, integer},
    instant::Instant,
};
use utoipa::ToSchema;

use crate::{
    domain::{RecordStatus, SignupStatus},
    store::signups::Stored,
};

/// What `POST /shifts/{id}/signups` may take.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct SignupInput {
    /// 身体条件符合 · That one's health is what the opportunity asks for; needed where it asks for something.
    #[schema(nullable = false)]
    health_confirmed: Option<bool>,
}

/// Reads the body of `POST /shifts/{id}/signups`: whether the volunteer's health is what is asked for.
pub fn read_signup(o: &Object<'_>) -> Option<bool> {
    Some(o.optional("health_confirmed", boolean)?.unwrap_or_default())
}

/// 报名 · A volunteer's place in a shift.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Signup {
    /// Its id.
    pub id: String,
    /// 状态 · Whether there is a place.
    pub status: SignupStatus,
    /// 候补位次 · 1 is next; `null` for whoever doesn't wait.
    pub position: Option<i64>,
    /// The shift.
    pub shift_id: String,
    /// 开始 · When it begins.
    pub starts_at: Instant,
    /// 结束 · When it ends.
    pub ends_at: Instant,
    /// The opportunity.
    pub opportunity_id: String,
    /// 名称 · What it is called.
    pub title: String,
    /// 集合地址 · Where one comes to.
    pub address: String,
    /// 联系电话 · Whom to call.
    pub phone: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String, example = "310104003")]
    pub division_code: DivisionCode,
    /// The organisation.
    pub organisation_id: String,
    /// 组织名称 · Its name.
    pub organisation_name: String,
    /// When they signed up.
    pub signed_up_at: Instant,
}

impl From<Stored> for Signup {
    fn from(stored: Stored) -> Self {
        Self {
            id: stored.id,
            status: stored.status,
            position: stored.position,
            shift_id: stored.shift,
            starts_at: Instant::at(stored.starts_at),
            ends_at: Instant::at(stored.ends_at),
            opportunity_id: stored.opportunity,
            title: stored.title,
            address: stored.address,
            phone: stored.phone,
            division_code: stored.division,
            organisation_id: stored.organisation,
            organisation_name: stored.organisation_name,
            signed_up_at: Instant::at(stored.created_at),
        }
    }
}

/// 我的报名 · A volunteer's sign-ups.
#[derive(Debug, Serialize, ToSchema)]
pub struct Signups {
    /// The latest first.
    pub items: Vec<Signup>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// 报名名单 · Somebody who signed up for a shift; masked unless it is asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Participant {
    /// The sign-up's id.
    pub id: String,
    /// 状态 · Whether they have a place.
    pub status: SignupStatus,
    /// 候补位次 · 1 is next; `null` for whoever doesn't wait.
    pub position: Option<i64>,
    /// 志愿者编号 · The volunteer.
    pub volunteer_no: String,
    /// 姓名 · Name; `null` where they withdrew, from the shift or altogether.
    pub name: Option<String>,
    /// 电话 · Telephone.
    pub phone: Option<String>,
    /// 监护人电话 · The guardian's telephone, of a minor.
    pub guardian_phone: Option<String>,
    /// When they signed up.
    pub signed_up_at: Instant,
    /// 服务记录 · The entry of the record; `null` before the check-in.
    pub entry: Option<String>,
    /// How far it has come.
    pub record_status: Option<RecordStatus>,
}

/// 报名名单 · Who signed up for a shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct Participants {
    /// In the order in which they did.
    pub items: Vec<Participant>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What `GET /shifts/{id}/signups` is asked for.
pub struct ParticipantsQuery {
    /// With this status.
    pub status: Option<SignupStatus>,
    /// With names and telephones, which the log notes.
    pub unmasked: bool,
    /// Behind this.
    pub cursor: i64,
    /// How many.
    pub limit: i64,
}

impl ParticipantsQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let status = q.optional("status", choice(SignupStatus::WORDS));
        let unmasked = q.optional("unmasked", boolean);
        let page = read_page(q);
        let (cursor, limit) = page?;
        Some(Self { status: status?, unmasked: unmasked?.unwrap_or_default(), cursor, limit })
    }
}

/// Reads `cursor`, a number, and `limit` of a list.
pub fn read_page(q: &Object<'_>) -> Option<(i64, i64)> {
    let cursor = q.optional("cursor", integer(0..=i64::MAX));
    let limit = q.optional("limit", integer(1..=100));
    Some((cursor?.unwrap_or(0), limit?.unwrap_or(20)))
}
