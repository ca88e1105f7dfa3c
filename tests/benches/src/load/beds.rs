//! What staff and elders do about a bed, request by request.

use anyhow::Context as _;
use bytes::Bytes;
use chrono::{Days, NaiveDate};
use http::{Method, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};
use shared::resident_id::ResidentId;

use super::{REGION, ask, get};
use crate::server::{Sender, request};

/// People whom the numbers of one birthday in one region have room for.
const PEOPLE_A_DAY: u64 = 1_000;
/// Birthdays to choose from: 1930 to 1959, so that everybody is old enough.
const BIRTHDAYS: u64 = 10_950;
const BASE: &str = "/api/v1/beds";

/// The rooms of one type in one home.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// The home.
    pub(crate) institution: String,
    /// The type.
    pub(crate) kind: String,
    /// A care level that it serves.
    pub(crate) care_level: u64,
}

/// Reads the counts of a room and sets others: one bed more is occupied, or, where all are, one less. The last answer.
pub(crate) async fn change_counts(
    sender: &mut Sender,
    room: &Room,
    token: &str,
) -> anyhow::Result<Response<Bytes>> {
    let path = format!("{BASE}/institutions/{}/rooms/{}/counts", room.institution, room.kind);
    let read = ask(sender, get(&path)?, StatusCode::OK).await?;
    let version = read.headers().get(header::ETAG).context("counts without an ETag")?.clone();
    let counts: Value = serde_json::from_slice(read.body())?;
    let number = |name| counts.get(name).and_then(Value::as_i64).context("counts without a number");
    let more = if number("available")? > 0 { 1 } else { -1 };
    let body = json!({"maximum": number("maximum")?, "occupied": number("occupied")? + more});
    let request = request(Method::PUT, &path).header(header::IF_MATCH, version);
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    ask(sender, request.body(Full::from(body.to_string()))?, StatusCode::OK).await
}

/// Applies for a bed in a room, offers it, and declines: it is free again. The three answers.
pub(crate) async fn decline_offer(
    sender: &mut Sender,
    room: &Room,
    token: &str,
    person: u64,
) -> anyhow::Result<[Response<Bytes>; 3]> {
    let place = json!({"institution_id": room.institution, "room_type": room.kind});
    let applicant = json!({
        "name": "样例老人", "id_number": elder(person)?.expose(), "phone": "13800000000", "division_code": REGION,
        "care_level": room.care_level,
    });
    let body = json!({"applicant": applicant, "preferences": [place]});
    let mut post = async |path: &str, token: Option<&str>, body: String, expected| {
        let mut request = request(Method::POST, path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        ask(sender, request.body(Full::from(body))?, expected).await
    };
    let made = post(&format!("{BASE}/applications"), None, body.to_string(), StatusCode::CREATED).await?;
    let application = format!("{BASE}/applications/{}", member(&made, "reference")?);
    let offers = format!("{application}/offers");
    let offered = post(&offers, Some(token), place.to_string(), StatusCode::CREATED).await?;
    let decline = format!("{offers}/{}/decline", member(&offered, "id")?);
    let declined = post(&decline, Some(&member(&made, "token")?), String::new(), StatusCode::OK).await?;
    Ok([made, offered, declined])
}

pub(super) fn member(answer: &Response<Bytes>, name: &str) -> anyhow::Result<String> {
    let answer: Value = serde_json::from_slice(answer.body())?;
    Ok(answer.get(name).and_then(Value::as_str).with_context(|| format!("no {name}"))?.to_owned())
}

fn elder(person: u64) -> anyhow::Result<ResidentId> {
    let first_day = NaiveDate::from_ymd_opt(1930, 1, 1).context("no day")?;
    let born = first_day + Days::new(person / PEOPLE_A_DAY % BIRTHDAYS);
    Ok(ResidentId::compose(REGION, born, u16::try_from(person % PEOPLE_A_DAY)?)?)
}
