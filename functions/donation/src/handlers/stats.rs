use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use chrono::{NaiveDate, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    auth::Credential,
    calendar,
    extract::{Query, cacheable_json, json},
    input::division_code,
    problem::ApiResult,
};

use super::{PUBLIC, manager};
use crate::{
    app::App,
    domain::{Item, PledgeStatus},
    store::{self, stats::Count},
    wire::{ItemStats, ItemSummary, PledgeStats, Quantities, Stats, StatsQuery, Summary},
};

/// 公开统计 · Counts for everybody: points, pledges, and what was received and delivered.
#[utoipa::path(get, path = "/summary", tag = "points",
    params(("division_code" = Option<String>, Query, description = "GB/T 2260, a district · e.g. 310104")),
    responses((status = 200, body = Summary), (status = 304, description = "Unchanged")))]
pub(crate) async fn summary(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let division = query.read(|q| q.optional("division_code", division_code))?.map(|code| code.district());
    let points = store::stats::points(&app.db, division.as_ref()).await?;
    let days = (NaiveDate::default(), calendar::day_of(Utc::now()));
    let counts = store::stats::tally(&app.db, days, (None, division.as_ref())).await?;
    let total = |kind: &str, item: &str| -> i64 {
        counts
            .iter()
            .filter(|count| count.kind == kind && count.item == item)
            .map(|count| count.quantity)
            .sum()
    };
    let pledges = PledgeStatus::WORDS.iter().map(|(word, _)| ((*word).to_owned(), total(word, "")));
    let items = Item::WORDS.iter().map(|(word, item)| ItemSummary {
        item: *item,
        unit: item.unit(),
        received: total("received", word),
        delivered: total("delivered", word),
    });
    let items = items.filter(|item| item.received > 0).collect();
    cacheable_json(&headers, PUBLIC, &Summary { points, pledges: pledges.collect(), items })
}

/// 统计 · What was pledged, received, sorted, dispatched and delivered over a stretch of days, in the own area.
#[utoipa::path(get, path = "/stats", tag = "staff", security(("staff" = [])),
    params(("from" = Option<NaiveDate>, Query, description = "29 days ago where it isn't given"),
           ("to" = Option<NaiveDate>, Query, description = "Today where it isn't given"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260, a district · e.g. 310104")),
    responses((status = 200, body = Stats)))]
pub(crate) async fn stats(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let staff = manager(&app, &credential)?;
    let asked = query.read(|q| StatsQuery::read(q, calendar::day_of(Utc::now())))?;
    // Counts are kept by district: whoever has less of it than that may not see them.
    let (area, division) = (staff.area.district(), asked.division.map(|division| division.district()));
    staff.require_area(&area)?;
    let counts =
        store::stats::tally(&app.db, (asked.from, asked.to), (Some(&area), division.as_ref())).await?;
    json(StatusCode::OK, &by_district(&counts, asked.from, asked.to))
}

fn by_district(counts: &[Count], from: NaiveDate, to: NaiveDate) -> Stats {
    let mut items: BTreeMap<(&str, Item), Quantities> = BTreeMap::new();
    let mut pledges: BTreeMap<&str, BTreeMap<String, i64>> = BTreeMap::new();
    for Count { district, kind, item, quantity } in counts {
        let Some((_, item)) = Item::WORDS.iter().find(|(word, _)| word == item) else {
            pledges.entry(district).or_default().insert(kind.clone(), *quantity);
            continue;
        };
        let quantities = items.entry((district, *item)).or_default();
        match kind.as_str() {
            "pledged" => quantities.pledged = *quantity,
            "received" => quantities.received = *quantity,
            "sorted" => quantities.sorted = *quantity,
            "dispatched" => quantities.dispatched = *quantity,
            "delivered" => quantities.delivered = *quantity,
            _ => {}
        }
    }
    let items = items.into_iter().map(|((district, item), quantities)| ItemStats {
        division_code: district.to_owned(),
        item,
        unit: item.unit(),
        quantities,
    });
    let pledges = pledges
        .into_iter()
        .map(|(district, by_status)| PledgeStats { division_code: district.to_owned(), by_status });
    Stats { from, to, items: items.collect(), pledges: pledges.collect() }
}
