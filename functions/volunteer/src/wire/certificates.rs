use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::{
    calendar,
    input::{Object, Rejection, choice, day, slug, text},
    rules::Citation,
};
use utoipa::ToSchema;

use super::read_page;
use crate::{
    domain::{Field, RevocationReason, statement},
    store::certificates::Stored,
};

/// What `POST /certificates` may take.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct CertificateInput {
    /// 起始日 · Service from this day on; from the first service where it isn't given.
    #[schema(nullable = false)]
    from: Option<NaiveDate>,
    /// 截止日 · Service up to this day; today where it isn't given.
    #[schema(nullable = false)]
    to: Option<NaiveDate>,
    /// 组织 · Only service for this organisation.
    #[schema(nullable = false)]
    organisation_id: Option<String>,
}

/// What a certificate is to be about.
pub struct CertificateWish {
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Up to this day.
    pub to: Option<NaiveDate>,
    /// Only service for this organisation.
    pub organisation: Option<String>,
}

impl CertificateWish {
    /// Everything so far.
    pub const ALL: Self = Self { from: None, to: None, organisation: None };

    /// Reads the body of `POST /certificates`.
    pub fn read(o: &Object<'_>, today: NaiveDate) -> Option<Self> {
        let from = o.optional("from", day);
        let to = o.optional("to", day);
        let organisation = o.optional("organisation_id", slug);
        let (from, to) = (from?, to?);
        let mut fits = true;
        if to.is_some_and(|to| to > today) {
            o.reject("to", Rejection::new("future", "不能晚于今天。", "This can't lie ahead."));
            fits = false;
        }
        if from.is_some_and(|from| from > to.unwrap_or(today)) {
            let message = "不应晚于截止日，也不应晚于今天。";
            o.reject("from", Rejection::new("range", message, "This must not be after the last day."));
            fits = false;
        }
        if !fits {
            return None;
        }
        Some(Self { from, to, organisation: organisation? })
    }
}

/// 证明状态 · Whether a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateStatus {
    /// 有效 · It does.
    Valid,
    /// 已撤销 · It was revoked.
    Revoked,
}

/// 服务内容 · What a certificate says of one opportunity.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CertifiedService {
    /// The organisation.
    pub organisation_id: String,
    /// 组织名称 · Its name.
    pub organisation_name: String,
    /// The opportunity.
    pub opportunity_id: String,
    /// 服务内容 · What was done.
    pub service: String,
    /// 服务领域 · What it is for.
    pub field: Field,
    /// 首次日期 · The day of the first shift.
    pub first_on: NaiveDate,
    /// 末次日期 · The day of the last.
    pub last_on: NaiveDate,
    /// 次数 · How many shifts.
    pub times: i64,
    /// 分钟 · Minutes that count.
    pub minutes: i64,
}

/// 证明内容 · What a certificate says, as it is signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Certified {
    /// 证明编号 · The number of the certificate.
    #[schema(example = "2026-00000001")]
    pub number: String,
    /// 姓名 · The holder's name; masked, except to the holder; `null` where they withdrew their registration.
    pub name: Option<String>,
    /// 志愿者编号 · The holder's number.
    pub volunteer_no: String,
    /// 起始日 · The first day that it is about.
    pub from: NaiveDate,
    /// 截止日 · The last.
    pub to: NaiveDate,
    /// 服务时间(分钟) · Minutes that count.
    pub total_minutes: i64,
    /// 服务内容 · What was done, for whom.
    pub services: Vec<CertifiedService>,
    /// 出具日期 · The day on which it was issued.
    pub issued_on: NaiveDate,
    /// 样例数据 · Sample data: something in it is made up.
    pub sample: bool,
}

/// 志愿服务记录证明 · A certificate of service.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Certificate {
    /// 查验码 · What it is looked up by.
    pub code: String,
    /// 状态 · Whether it holds.
    pub status: CertificateStatus,
    /// 撤销日期 · The day on which it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub revoked_on: Option<NaiveDate>,
    /// 撤销理由 · Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub revoked_reason: Option<RevocationReason>,
    /// What it says.
    #[serde(flatten)]
    pub certified: Certified,
    /// 证明文字 · The same in a sentence.
    pub statement_zh: String,
    /// In English.
    pub statement_en: String,
    /// 收费(分) · What it costs: nothing.
    pub fee_fen: i64,
    /// 依据 · What it is issued by.
    pub basis: Vec<Citation>,
    /// 签名 · What it says, signed (JWS, RFC 7515, EdDSA): whoever has the public key can check it without this service. It
    /// can't tell whether the certificate was revoked since.
    pub jws: String,
    /// 公钥 · Where the public keys are (RFC 7517).
    pub keys_url: String,
    /// Where this is.
    pub url: String,
    /// 查验页面 · The page that shows it.
    pub page: String,
}

impl CertificateStatus {
    fn of(stored: &Stored) -> Self {
        if stored.revoked_at.is_some() { Self::Revoked } else { Self::Valid }
    }
}

fn on(at: i64) -> NaiveDate {
    calendar::day_of(chrono::DateTime::from_timestamp(at, 0).unwrap_or_default())
}

impl Certified {
    /// What a stored certificate says; `name` is what may be shown of the holder.
    pub(crate) fn of(stored: &Stored, name: Option<String>) -> Self {
        let services = stored.entries.iter().map(|entry| CertifiedService {
            organisation_id: entry.organisation.clone(),
            organisation_name: entry.organisation_name.clone(),
            opportunity_id: entry.opportunity.clone(),
            service: entry.title.clone(),
            field: entry.field,
            first_on: on(entry.first_at),
            last_on: on(entry.last_at),
            times: entry.times,
            minutes: entry.minutes,
        });
        Self {
            number: stored.number(),
            name,
            volunteer_no: stored.volunteer_no.clone(),
            from: stored.from,
            to: stored.to,
            total_minutes: stored.total_minutes,
            services: services.collect(),
            issued_on: stored.issued_on(),
            sample: stored.sample,
        }
    }
}

impl Certificate {
    /// A stored certificate as it is shown, with its signature and what it is issued by.
    pub(crate) fn of(stored: &Stored, certified: Certified, jws: String, basis: Vec<Citation>) -> Self {
        let days = (certified.from.to_string(), certified.to.to_string());
        let who = (certified.name.as_deref(), certified.volunteer_no.as_str());
        let mut organisations: Vec<_> =
            certified.services.iter().map(|service| service.organisation_name.as_str()).collect();
        organisations.dedup();
        let only = <[&str; 1]>::try_from(organisations).ok().map(|[only]| only);
        let text = statement(who, (&days.0, &days.1), only, certified.total_minutes);
        let fee_fen = basis.iter().find_map(|citation| match citation.value {
            shared::rules::RuleValue::Number(fen) if citation.name == "certificate_fee" => Some(fen),
            _ => None,
        });
        Self {
            status: CertificateStatus::of(stored),
            revoked_on: stored.revoked_at.map(on),
            revoked_reason: stored.revoked_reason,
            statement_zh: text.in_lang(shared::i18n::Lang::Zh).to_owned(),
            statement_en: text.in_lang(shared::i18n::Lang::En).to_owned(),
            fee_fen: fee_fen.unwrap_or_default(),
            basis,
            jws,
            keys_url: crate::signer::WELL_KNOWN.to_owned(),
            url: format!("/api/v1/volunteer/certificates/{}", stored.code),
            page: format!("/volunteer/certificate?code={}", stored.code),
            code: stored.code.clone(),
            certified,
        }
    }
}

/// 我的证明 · A volunteer's certificates.
#[derive(Debug, Serialize, ToSchema)]
pub struct Certificates {
    /// The latest first.
    pub items: Vec<Certificate>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// 已出具的证明 · A certificate in a list of staff's: not its code, which opens it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IssuedCertificate {
    /// 证明编号 · Its number.
    #[schema(example = "2026-00000001")]
    pub number: String,
    /// 状态 · Whether it holds.
    pub status: CertificateStatus,
    /// 志愿者编号 · The holder's number.
    pub volunteer_no: String,
    /// 起始日 · The first day that it is about.
    pub from: NaiveDate,
    /// 截止日 · The last.
    pub to: NaiveDate,
    /// 服务时间(分钟) · Minutes.
    pub total_minutes: i64,
    /// 出具日期 · The day on which it was issued.
    pub issued_on: NaiveDate,
}

impl From<&Stored> for IssuedCertificate {
    fn from(stored: &Stored) -> Self {
        Self {
            number: stored.number(),
            status: CertificateStatus::of(stored),
            volunteer_no: stored.volunteer_no.clone(),
            from: stored.from,
            to: stored.to,
            total_minutes: stored.total_minutes,
            issued_on: stored.issued_on(),
        }
    }
}

/// 已出具的证明 · Certificates in which an organisation stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedCertificates {
    /// By number.
    pub items: Vec<IssuedCertificate>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What `GET /certificates` is asked for: the organisation, the volunteer, and the page.
pub fn read_issued(q: &Object<'_>) -> Option<(String, Option<String>, (i64, i64))> {
    let organisation = q.required("organisation_id", slug);
    let volunteer_no = q.optional("volunteer_no", text(1..=40));
    let page = read_page(q);
    Some((organisation?, volunteer_no?, page?))
}

/// What `POST /certificates/{code}/revoke` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct RevocationInput {
    /// 理由 · Why.
    reason: RevocationReason,
}

/// Reads the body of `POST …/revoke`.
pub fn read_revocation(o: &Object<'_>) -> Option<RevocationReason> {
    o.required("reason", choice(RevocationReason::WORDS))
}

/// 公钥 · Public keys (RFC 7517): whoever has them can check certificates without this service.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKeys {
    /// The keys, the newest first.
    pub keys: Vec<PublicKey>,
}

/// A public key (RFC 8037).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublicKey {
    /// `OKP`.
    pub kty: &'static str,
    /// `Ed25519`.
    pub crv: &'static str,
    /// `EdDSA`.
    pub alg: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// Its thumbprint (RFC 7638).
    pub kid: String,
    /// The key, base64url.
    pub x: String,
}
