use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    audit,
    auth::Credential,
    door::Context,
    extract::{Json, Path, Query, json},
    i18n::Text,
    idempotency,
    input::Rejection,
    instant::Instant,
    names::Names,
    problem::{ApiError, ApiResult},
};

use super::{ATTEMPTS, custody, gifts, manager_of, page};
use crate::{
    app::App,
    domain::{ItemState, Step},
    store::{self, pledges::Making, points::Stored as Point},
    wire::{
        NewPledge, Pledge, PledgeInput, Pledges, PledgesQuery, Receipt, ReceiptItem, ReceiptPoint, StepAsked,
        receipt_note,
    },
};

/// 登记捐赠 · Pledges a gift that will be brought to a point.
///
/// 返回的 `token` 只给出一次 · The `token` of the answer is given once.
#[utoipa::path(post, path = "/pledges", tag = "pledges", request_body = PledgeInput,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = Pledge)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let wanted = body.read(NewPledge::read)?;
    idempotency::once(&app.db, &app.keys, (&headers, "donation/pledges", body.bytes()), now, async |seed| {
        let names = Names::new(&app.keys, &seed, 'G');
        let mut pledge = make(&app, &names, &wanted, now).await?;
        pledge.token = Some(names.token.expose().to_owned());
        json(StatusCode::CREATED, &pledge)
    })
    .await
}

async fn make(app: &App, names: &Names, wanted: &NewPledge, now: DateTime<Utc>) -> ApiResult<Pledge> {
    let secret = serde_json::to_vec(&wanted.secret).map_err(ApiError::internal)?;
    let token_hash = names.token.hash();
    for _ in 0..ATTEMPTS {
        let making = Making {
            reference: &names.reference,
            token_hash: &token_hash,
            point: &wanted.point_id,
            donor: app.keys.seal(gifts::place(&names.reference), &secret).map_err(ApiError::internal)?,
            lines: &wanted.lines,
        };
        let made = store::pledges::make(&app.db, making, now).await?;
        // A repeated request finds the pledge that it made before.
        if let Some(stored) = store::pledges::read(&app.db, &names.reference).await?
            && (made || stored.token_hash == token_hash)
        {
            return gifts::masked(app, &stored);
        }
        let point = store::points::read(&app.db, &wanted.point_id).await?.filter(|point| !point.is_removed);
        let Some(point) = point else { return Err(unknown_point()) };
        if let Some(refusal) = why_not(&point, wanted, now.timestamp()) {
            return Err(refusal);
        }
    }
    Err(ApiError::unavailable("a point kept changing what it takes"))
}

fn unknown_point() -> ApiError {
    Rejection::new("unknown_point", "没有这个捐赠接收点。", "There is no such donation point.")
        .at("/point_id")
}

/// What of the gift the point doesn't take.
fn why_not(point: &Point, wanted: &NewPledge, now: i64) -> Option<ApiError> {
    let state =
        |item| point.items.iter().find(|status| status.item == item).map(|status| status.at(now).state);
    let refused = wanted.lines.iter().map(|line| line.item);
    let refused: Vec<_> = refused.filter(|item| !state(*item).is_some_and(ItemState::takes_gifts)).collect();
    if refused.is_empty() {
        return None;
    }
    let zh = refused.iter().map(|item| item.name_zh()).collect::<Vec<_>>().join("、");
    let en = refused.iter().map(|item| item.word()).collect::<Vec<_>>().join(", ");
    Some(ApiError::conflict(
        "item_not_accepted",
        Text::of(format!("该点目前不接收:{zh}。"), format!("The point doesn't take these now: {en}.")),
    ))
}

/// 查看捐赠 · A gift and its way, for whoever holds its token and for managers of its area.
#[utoipa::path(get, path = "/pledges/{reference}", tag = "pledges", params(("reference" = String, Path)),
    security(("capability" = []), ("staff" = [])), responses((status = 200, body = Pledge)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let (visitor, stored) = gifts::open(&app, &credential, &reference).await?;
    json(StatusCode::OK, &gifts::show(&app, &visitor, &stored).await?)
}

/// 取消捐赠 · Cancels a gift that wasn't brought yet.
#[utoipa::path(post, path = "/pledges/{reference}/cancel", tag = "pledges",
    params(("reference" = String, Path)), security(("capability" = []), ("staff" = [])),
    responses((status = 200, body = Pledge)))]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let (visitor, _) = gifts::open(&app, &credential, &reference).await?;
    let id = format!("{reference}-cancel");
    let asked = StepAsked::plain(Step::Cancel);
    let by = (visitor.actor(), None);
    let stored = custody::take(&app, (&id, &reference), &asked, by, Utc::now()).await?;
    json(StatusCode::OK, &gifts::show(&app, &visitor, &stored).await?)
}

/// 某点的捐赠 · Gifts of a point in order of their pledges, for managers of its area; givers are masked.
#[utoipa::path(get, path = "/points/{id}/pledges", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("status" = Option<crate::domain::PledgeStatus>, Query),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Pledges)))]
pub(crate) async fn of_point(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let (staff, _) = manager_of(&app, &credential, &id).await?;
    let asked = query.read(PledgesQuery::read)?;
    let (of, stretch) = ((asked.status, &staff.area), (asked.after, asked.limit + 1));
    let found = store::pledges::list(&app.db, &id, of, stretch).await?;
    let (found, next_cursor) = page(found, asked.limit, |last| last.no.to_string());
    // Notes are the giver's own words: whoever reads them is noted, as with names.
    let entry = (staff.subject.as_str(), "point.pledges_read", id.as_str());
    audit::append(&app.db, Utc::now(), entry, &serde_json::json!({"pledges": found.len()})).await?;
    let items = found.iter().map(|stored| gifts::masked(&app, stored)).collect::<ApiResult<_>>()?;
    json(StatusCode::OK, &Pledges { items, next_cursor })
}

/// 查验接收凭证 · What a receipt's number stands for; anybody may ask, and learns nothing of who gave.
#[utoipa::path(get, path = "/receipts/{number}", tag = "pledges", params(("number" = String, Path)),
    responses((status = 200, body = Receipt)))]
pub(crate) async fn receipt(
    State(app): State<Arc<App>>,
    context: Context,
    Path(number): Path<String>,
) -> ApiResult<Response> {
    let number = number.trim().to_ascii_uppercase();
    let found = store::pledges::receipt(&app.db, &number).await?.ok_or_else(ApiError::not_found)?;
    let items = found.lines.iter().map(|line| ReceiptItem {
        item: line.item,
        unit: line.item.unit(),
        quantity: line.quantity,
    });
    let receipt = Receipt {
        number,
        issued_at: Instant::at(found.at),
        items: items.collect(),
        status: found.status,
        note: receipt_note().in_lang(context.lang).to_owned(),
        point: ReceiptPoint {
            id: found.point.head.id,
            name: found.point.head.name,
            operator: found.point.head.operator,
            sample: found.point.head.sample,
        },
    };
    json(StatusCode::OK, &receipt)
}
