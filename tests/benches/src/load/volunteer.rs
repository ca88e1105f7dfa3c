//! What volunteers and organisations do, request by request.

use anyhow::Context as _;
use bytes::Bytes;
use chrono::NaiveDate;
use http::{Method, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};
use shared::resident_id::ResidentId;

use super::{REGION, ask, beds::member};
use crate::server::{Sender, request};

const BASE: &str = "/api/v1/volunteer";

async fn send(
    sender: &mut Sender,
    (method, path): (Method, &str),
    token: Option<&str>,
    (body, expected): (String, StatusCode),
) -> anyhow::Result<Response<Bytes>> {
    let mut request = request(method, path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    ask(sender, request.body(Full::from(body))?, expected).await
}

/// Drafts and publishes an opportunity.
pub(crate) async fn publish(sender: &mut Sender, token: &str, opportunity: &Value) -> anyhow::Result<()> {
    let path = format!("{BASE}/opportunities");
    let draft = (opportunity.to_string(), StatusCode::CREATED);
    let made = send(sender, (Method::POST, &path), Some(token), draft).await?;
    let path = format!("{path}/{}/publish", member(&made, "id")?);
    send(sender, (Method::POST, &path), Some(token), (String::new(), StatusCode::OK)).await?;
    Ok(())
}

/// Registers a volunteer; the token.
pub(crate) async fn register(sender: &mut Sender, person: u64) -> anyhow::Result<String> {
    let born = NaiveDate::from_ymd_opt(1980, 1, 1).context("no day")?;
    let id = ResidentId::compose(REGION, born, u16::try_from(person)?)?;
    let body = json!({
        "name": "样例志愿者", "id_number": id.expose(), "phone": "13800000000", "division_code": REGION, "skills": [],
        "availability": [], "consent": true,
    });
    let path = format!("{BASE}/volunteers");
    let body = (body.to_string(), StatusCode::CREATED);
    member(&send(sender, (Method::POST, &path), None, body).await?, "token")
}

/// Signs up for a shift and takes it back; the answer to the sign-up.
pub(crate) async fn sign_up_and_withdraw(
    sender: &mut Sender,
    shift: &str,
    token: &str,
) -> anyhow::Result<Response<Bytes>> {
    let path = format!("{BASE}/shifts/{shift}/signups");
    let signed =
        send(sender, (Method::POST, &path), Some(token), ("{}".to_owned(), StatusCode::CREATED)).await?;
    let mine = format!("{path}/mine");
    send(sender, (Method::DELETE, &mine), Some(token), (String::new(), StatusCode::NO_CONTENT)).await?;
    Ok(signed)
}
