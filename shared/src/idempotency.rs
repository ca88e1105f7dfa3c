//! `Idempotency-Key`: the same request, sent again, gets the first answer and changes nothing.
//!
//! # Design
//! A claim is one row, inserted on conflict. Whoever holds it runs the request and keeps the answer, sealed, beside it
//! for 24 hours. A holder that dies leaves a lease; the next request with the same key and body takes it over with the
//! **same seed**, from which references and tokens are derived: so it makes the very row that its predecessor may have
//! made already, meets that row's unique key, and answers with it. Nothing is doubled, and no answer is lost. A holder
//! that fails (5xx) ends its lease, so that the same holds for the next try.

use axum::response::Response;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;

use crate::{
    auth::CapabilityToken,
    extract::raw_json,
    i18n::Text,
    input::Rejection,
    privacy::{self, Keys, Place, base64url},
    problem::{ApiError, ApiResult},
    sql,
    store::{Db, Statement, Value},
};

/// How long an answer is kept, in seconds: 24 h, as the contract says.
const KEPT_S: i64 = 24 * 3600;
/// How long a holder may take before its claim may be taken over, in seconds: more than any request may run.
const LEASE_S: i64 = 30;

const CLAIM: Statement = sql!("claim_idempotency_key");
const READ: Statement = sql!("read_idempotency_key");
const KEEP: Statement = sql!("keep_idempotent_answer");
const FREE: Statement = sql!("free_idempotency_key");
const END_LEASE: Statement = sql!("end_idempotency_lease");

/// Where a creating request takes its secrets from, so that a repetition takes the same.
pub struct Seed([u8; 32]);

impl Seed {
    /// The seed of what may come of a token once.
    #[must_use]
    pub fn of(keys: &Keys, token: &CapabilityToken) -> Self {
        Self(keys.derive("seed-of-token", token.hash().as_bytes()))
    }

    /// 32 bytes for one purpose.
    #[must_use]
    pub fn derive(&self, keys: &Keys, label: &'static str) -> [u8; 32] {
        keys.derive(label, &self.0)
    }
}

/// Runs a creating request at most once per key.
///
/// `scope` names the route; `body` is what must be the same on a repetition. Without the header the request just runs.
///
/// # Errors
/// What `run` answers; 422 `idempotency_key_reused`; 409 `idempotency_in_progress`; 422 for a malformed key.
pub async fn once(
    db: &Db,
    keys: &Keys,
    (headers, scope, body): (&HeaderMap, &'static str, &[u8]),
    now: DateTime<Utc>,
    run: impl AsyncFnOnce(Seed) -> ApiResult<Response>,
) -> ApiResult<Response> {
    let Some(key) = key(headers)? else { return run(Seed(privacy::random())).await };
    let key = base64url(&keys.derive(scope, key.as_bytes()));
    // Keyed: a body may be short enough to be guessed from its hash.
    let request = base64url(&keys.derive("idempotency-request", body));
    let fresh_seed = base64url(&privacy::random::<32>());
    let holder = privacy::hex(&privacy::random::<16>());
    let parameters = [
        Value::from(key.as_str()),
        Value::from(request.as_str()),
        Value::from(fresh_seed),
        Value::from(holder.as_str()),
        Value::Integer(now.timestamp()),
        Value::Integer(LEASE_S),
        Value::Integer(KEPT_S),
    ];
    let Some(claimed) = db.row(&CLAIM, parameters).await? else {
        return replay(db, keys, &key, &request).await;
    };
    let (stored, is_fresh): (String, bool) = (claimed.get("seed")?, claimed.get("is_fresh")?);
    let seed = Seed(keys.derive("idempotency-seed", format!("{key}{stored}").as_bytes()));
    match run(seed).await {
        Ok(response) => keep(db, keys, &key, &holder, response).await,
        Err(error) => {
            // A refusal changed nothing: the key may be tried again, also with a mended body. A failure, this one or that of
            // a holder before, may have come after the change: whoever tries again inherits the seed, and finds what was
            // made with it.
            let let_go = if is_fresh && !error.status().is_server_error() { &FREE } else { &END_LEASE };
            db.rows(let_go, [Value::from(key.as_str()), Value::from(holder.as_str())]).await?;
            Err(error)
        }
    }
}

async fn keep(db: &Db, keys: &Keys, key: &str, holder: &str, response: Response) -> ApiResult<Response> {
    let (parts, body) = response.into_parts();
    let bytes: Bytes = body.collect().await.map_err(ApiError::internal)?.to_bytes();
    let sealed = keys.seal(place(key), &bytes).map_err(ApiError::internal)?;
    let parameters = [
        Value::from(key),
        Value::from(holder),
        Value::Integer(i64::from(parts.status.as_u16())),
        Value::Blob(sealed),
    ];
    db.rows(&KEEP, parameters).await?;
    Ok(Response::from_parts(parts, bytes.into()))
}

async fn replay(db: &Db, keys: &Keys, key: &str, request: &str) -> ApiResult<Response> {
    let in_progress = || {
        ApiError::conflict(
            "idempotency_in_progress",
            Text::new("同一请求正在处理中。", "The same request is still running."),
        )
    };
    let row = db.row(&READ, [Value::from(key)]).await?.ok_or_else(in_progress)?;
    if row.get::<String>("request")? != request {
        return Err(ApiError::unprocessable(
            "idempotency_key_reused",
            Text::new(
                "此 Idempotency-Key 已用于另一请求。",
                "This Idempotency-Key was used for another request.",
            ),
        ));
    }
    let (Some(status), Some(sealed)) =
        (row.get::<Option<u32>>("status")?, row.get::<Option<Vec<u8>>>("answer")?)
    else {
        return Err(in_progress());
    };
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
    let body = keys.open(place(key), &sealed).map_err(ApiError::internal)?;
    Ok(raw_json(status.unwrap_or(StatusCode::OK), body))
}

fn place(key: &str) -> Place<'_> {
    Place { table: "idempotency", column: "answer", row: key }
}

fn key(headers: &HeaderMap) -> ApiResult<Option<&str>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    value.to_str().ok().filter(|key| (1..=255).contains(&key.len())).map(Some).ok_or_else(|| {
        let rejection = Rejection::new(
            "idempotency_key",
            "Idempotency-Key 应为 1 至 255 个可见字符。",
            "An Idempotency-Key has 1 to 255 visible characters.",
        );
        rejection.at("")
    })
}
