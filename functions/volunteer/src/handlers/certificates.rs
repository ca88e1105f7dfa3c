use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::{
    auth::Credential,
    calendar,
    extract::{Json, Path, Query, cacheable_json, json},
    i18n::Text,
    idempotency,
    names::reference,
    paging::page,
    problem::{ApiError, ApiResult},
    resident_id::mask_name,
};

use super::{access, views};
use crate::{
    app::App,
    store::{
        self,
        certificates::{Issuing, Stored},
    },
    wire::{
        Certificate, CertificateInput, CertificateWish, Certificates, Certified, IssuedCertificate,
        IssuedCertificates, PublicKeys, RevocationInput, place, read_issued, read_page, read_revocation,
    },
};

/// How long readers may keep the public keys.
const KEYS_KEPT: &str = "public, max-age=3600";
/// What certificates are issued by.
const BASIS: &str = "certificate_fee";

/// 申请志愿服务记录证明 · Issues a certificate of the minutes that count, free of charge.
///
/// 持查验码者即可查验，请只提供给需要的人 · Whoever has the code can look it up: give it to whom it is for.
#[utoipa::path(post, path = "/certificates", tag = "certificates", security(("capability" = [])),
    params(("Idempotency-Key" = Option<String>, Header)), request_body(content = Option<CertificateInput>),
    responses((status = 201, body = Certificate)))]
pub(crate) async fn issue(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    body: Option<Json>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let today = calendar::day_of(now);
    let volunteer = access::myself(&app, &credential).await?;
    let read = |body: &Json| body.read(|o| CertificateWish::read(o, today));
    let wish = body.as_ref().map_or(Ok(CertificateWish::ALL), read)?;
    let bytes = body.as_ref().map_or(&b""[..], Json::bytes);
    let what = [volunteer.volunteer_no.as_bytes(), b"\n", bytes].concat();
    idempotency::once(&app.db, &app.keys, (&headers, "volunteer/certificates", &what), now, async |seed| {
        let code = reference('K', &seed.derive(&app.keys, "certificate"));
        let secret = views::open(&app, &volunteer.volunteer_no, &volunteer.secret)?;
        let sealed = app.keys.seal(place("certificate", "name", &code), secret.name.as_bytes());
        let issuing = Issuing {
            code: &code,
            volunteer: volunteer.no,
            name: sealed.map_err(ApiError::internal)?,
            from: wish.from,
            to: wish.to.unwrap_or(today),
            organisation: wish.organisation.as_deref(),
        };
        store::certificates::issue(&app.db, issuing, now).await?;
        let stored = store::certificates::read(&app.db, &code).await?.ok_or_else(nothing_to_certify)?;
        // Kept for a repeated request: the name stands in it masked.
        json(StatusCode::CREATED, &show(&app, &stored, false)?)
    })
    .await
}

fn nothing_to_certify() -> ApiError {
    ApiError::conflict(
        "nothing_to_certify",
        Text::new("该时段没有经确认的服务记录。", "No confirmed service lies in that time."),
    )
}

/// The certificate, with the holder's name whole or masked.
fn show(app: &App, stored: &Stored, whole: bool) -> ApiResult<Certificate> {
    let name = stored.name.as_ref().map(|sealed| {
        let opened = app.keys.open(place("certificate", "name", &stored.code), sealed);
        let name = String::from_utf8(opened.map_err(ApiError::internal)?);
        name.map_err(|_| ApiError::internal("an unreadable name"))
    });
    let name = name.transpose()?.map(|name| if whole { name } else { mask_name(&name) });
    let certified = Certified::of(stored, name);
    let issued_at = DateTime::from_timestamp(stored.issued_at, 0).unwrap_or_default();
    let jws = app.signer.sign(&stored.code, &certified, issued_at).map_err(ApiError::internal)?;
    let basis = app.rules.get(BASIS, certified.issued_on).map_err(ApiError::internal)?;
    Ok(Certificate::of(stored, certified, jws, vec![basis.cite()]))
}

/// 查验证明 · What a certificate says and whether it holds, for whoever has its code. The name is masked, except to its holder.
#[utoipa::path(get, path = "/certificates/{code}", tag = "certificates", params(("code" = String, Path)),
    security((), ("capability" = [])), responses((status = 200, body = Certificate)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(code): Path<String>,
) -> ApiResult<Response> {
    let stored = store::certificates::read(&app.db, &code).await?.ok_or_else(ApiError::not_found)?;
    let is_holder = match &credential {
        Credential::Capability(token) => stored.token_hash.as_deref() == Some(token.hash().as_str()),
        Credential::None | Credential::Jwt(_) => false,
    };
    let mut response = json(StatusCode::OK, &show(&app, &stored, is_holder)?)?;
    // It may be revoked at any moment.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// 我的证明 · The volunteer's certificates, the latest first.
#[utoipa::path(get, path = "/volunteers/me/certificates", tag = "certificates", security(("capability" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Certificates)))]
pub(crate) async fn mine(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let volunteer = access::myself(&app, &credential).await?;
    let (before, limit) = query.read(read_page)?;
    let found = store::certificates::of_volunteer(&app.db, volunteer.no, (before, limit + 1)).await?;
    let (found, next_cursor) = page(found, limit, |last| last.no.to_string());
    let items = found.iter().map(|stored| show(&app, stored, true)).collect::<ApiResult<_>>()?;
    json(StatusCode::OK, &Certificates { items, next_cursor })
}

/// 已出具的证明 · Certificates in which an organisation stands, of everybody or of one volunteer.
#[utoipa::path(get, path = "/certificates", tag = "staff", security(("staff" = [])),
    params(("organisation_id" = String, Query), ("volunteer_no" = Option<String>, Query),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = IssuedCertificates)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let staff = access::manager(&app, &credential)?;
    let (organisation, volunteer_no, (after, limit)) = query.read(read_issued)?;
    access::organisation(&app, &staff, &organisation).await?;
    let wanted = (organisation.as_str(), volunteer_no.as_deref());
    let found = store::certificates::issued(&app.db, wanted, (after, limit + 1)).await?;
    let (found, next_cursor) = page(found, limit, |last| last.no.to_string());
    let items = found.iter().map(IssuedCertificate::from).collect();
    json(StatusCode::OK, &IssuedCertificates { items, next_cursor })
}

/// 撤销证明 · Revokes a certificate, by its code or its number: the public check says so from then on. Whoever may act for one of
/// the organisations in it may revoke it.
#[utoipa::path(post, path = "/certificates/{code}/revoke", tag = "staff", params(("code" = String, Path)),
    security(("staff" = [])), request_body = RevocationInput,
    responses((status = 200, body = IssuedCertificate)))]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(code): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let stored = match store::certificates::read(&app.db, &code).await? {
        Some(stored) => stored,
        None => store::certificates::by_number(&app.db, &code).await?.ok_or_else(ApiError::not_found)?,
    };
    let mut refusal = None;
    for entry in &stored.entries {
        refusal = access::organisation(&app, &staff, &entry.organisation).await.err();
        if refusal.is_none() {
            break;
        }
    }
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    let code = stored.code;
    let reason = body.read(read_revocation)?;
    // A repeated request finds what it did before.
    store::certificates::revoke(&app.db, &code, reason.word(), now, &staff.subject).await?;
    let stored = store::certificates::read(&app.db, &code).await?.ok_or_else(ApiError::not_found)?;
    json(StatusCode::OK, &IssuedCertificate::from(&stored))
}

/// 证明公钥 · The public keys of certificates (RFC 7517), also at `/.well-known/volunteer-certificate-keys.json`.
#[utoipa::path(get, path = "/certificate-keys", tag = "certificates",
    responses((status = 200, body = PublicKeys), (status = 304, description = "Unchanged")))]
pub(crate) async fn keys(State(app): State<Arc<App>>, headers: HeaderMap) -> ApiResult<Response> {
    cacheable_json(&headers, KEYS_KEPT, app.signer.public())
}
