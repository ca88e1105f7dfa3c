use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use chrono::{NaiveDate, NaiveTime, Utc};
use http::StatusCode;
use shared::{
    auth::Credential,
    calendar,
    divisions::{self, DivisionCode},
    extract::{Query, json},
    input::MonthsQuery,
    problem::ApiResult,
};

use super::access::{manager, require_district};
use crate::{
    app::App,
    store,
    wire::{DistrictStats, FieldStats, Stats},
};

/// 统计 · Volunteers, and hours by field of service, by district of the own area.
///
/// 人数较少的统计值不显示 · Where few people are behind a number it is `null`. Service is counted by whole months.
#[utoipa::path(get, path = "/stats", tag = "staff", security(("staff" = [])),
    params(("from" = Option<NaiveDate>, Query, description = "In whole months; 29 days ago where it isn't given"),
           ("to" = Option<NaiveDate>, Query, description = "In whole months; today where it isn't given"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260, a district · e.g. 310104")),
    responses((status = 200, body = Stats)))]
pub(crate) async fn stats(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = manager(&app, &credential)?;
    require_district(&staff)?;
    // Counts are by district: whoever has less of it than that may not see them.
    staff.require_area(&staff.area.district())?;
    let asked = query.read(|q| MonthsQuery::read(q, calendar::day_of(now)))?;
    let least = app.number("statistics_suppressed_below", now)?;
    let begin = |day: NaiveDate| calendar::at(day, NaiveTime::MIN).timestamp();
    let time = (begin(asked.from), begin(asked.to) + 86_400);
    let shown = |people: i64| (people >= i64::from(least)).then_some(people);
    let mut districts: BTreeMap<&str, DistrictStats> = BTreeMap::new();
    for district in divisions::districts() {
        let is_asked = staff.area.contains(&district.code)
            && asked.district.is_none_or(|only| only.contains(&district.code));
        if is_asked {
            districts.insert(district.code.as_str(), empty(&district.code, district.name, shown(0)));
        }
    }
    for people in store::stats::people(&app.db, time).await? {
        if let Some(entry) = districts.get_mut(people.district.as_str()) {
            entry.registered = shown(people.registered);
            // A small rest would tell a small count.
            let rest = people.registered - people.active;
            let tells = rest > 0 && shown(rest).is_none();
            entry.active = shown(people.active).filter(|_| !tells);
        }
    }
    for served in store::stats::served(&app.db, time, least).await? {
        if let Some(entry) = districts.get_mut(served.district.as_str()) {
            let volunteers = shown(served.volunteers);
            let tenths = |minutes: i64| i32::try_from(minutes / 6).map_or(f64::MAX, f64::from);
            let hours = served.minutes.map(|minutes| tenths(minutes) / 10.0);
            entry.fields.push(FieldStats { field: served.field, hours, volunteers });
        }
    }
    let stats = Stats {
        from: asked.from,
        to: asked.to,
        suppressed_below: least,
        items: districts.into_values().collect(),
    };
    json(StatusCode::OK, &stats)
}

fn empty(code: &DivisionCode, name: &str, none: Option<i64>) -> DistrictStats {
    DistrictStats {
        division_code: code.to_string(),
        name: name.to_owned(),
        registered: none,
        active: none,
        fields: Vec::new(),
    }
}
