use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::StatusCode;
use shared::{
    auth::Credential,
    calendar,
    divisions::{self, DivisionCode, Level},
    door::Context,
    extract::{Query, json},
    i18n::Text,
    input::MonthsQuery,
    instant::Instant,
    problem::{ApiError, ApiResult},
};

use super::{access::district_manager, alerts};
use crate::{
    app::App,
    domain::{self, CareLevel},
    store::{self, institutions::Supply},
    wire::{DistrictStats, SearchStats, Stats, WaitingStats},
};

/// 统计 · Beds per 1,000 elders, occupancy, and unmet demand by district and care level, in the own area.
///
/// 人数较少的统计值不显示 · Small counts are `null`. Searches are anonymous and an estimate.
#[utoipa::path(get, path = "/stats", tag = "staff", security(("staff" = [])),
    params(("from" = Option<chrono::NaiveDate>, Query, description = "Of searches, in whole months; 29 days ago where it isn't given"),
           ("to" = Option<chrono::NaiveDate>, Query, description = "Of searches, in whole months; today where it isn't given"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260, a district · e.g. 310104")),
    responses((status = 200, body = Stats)))]
pub(crate) async fn stats(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = district_manager(&app, &credential)?;
    // Counts are by district: whoever has less of it than that may not see them.
    staff.require_area(&staff.area.district())?;
    let asked = query.read(|q| MonthsQuery::read(q, calendar::day_of(now)))?;
    alerts::settle(&app, now).await?;
    let (ages, seconds) = app.moment(now)?;
    let least = app.number("statistics_suppressed_below", now)?;
    let permille = app.number("elders_permille", now)?;
    let supply = store::institutions::supply(&app.db, ages.stale_before(seconds), None).await?;
    let demand = store::stats::demand(&app.db, (asked.from, asked.to)).await?;
    let waiting = store::stats::waiting(&app.db).await?;
    let shown = |count: i64| (count >= i64::from(least)).then_some(count);
    let level = |number| CareLevel::new(number).ok_or_else(|| ApiError::internal("no such care level"));
    let mut districts = Districts::default();
    for district in divisions::districts() {
        districts.of(district.code.as_str(), permille);
    }
    for row in supply {
        districts.of(row.district.as_str(), permille).add(&row);
    }
    for row in waiting {
        let entry = WaitingStats { care_level: level(row.care_level)?, count: shown(row.count) };
        districts.of(&row.district, permille).waiting.push(entry);
    }
    for row in demand {
        let count = shown(row.searches);
        // A small rest would tell a small count.
        let is_small = |count: i64| count > 0 && shown(count).is_none();
        let tells = is_small(row.without_vacancy) || is_small(row.searches - row.without_vacancy);
        let entry = SearchStats {
            care_level: level(row.care_level)?,
            count,
            without_vacancy: count.filter(|_| !tells).map(|_| row.without_vacancy),
        };
        districts.of(&row.district, permille).searches.push(entry);
    }
    let is_asked = |code: &str| match DivisionCode::parse(code) {
        Ok(district) => {
            staff.area.contains(&district) && asked.district.is_none_or(|only| only.contains(&district))
        }
        // Searches that named no district are the city's.
        Err(_) => asked.district.is_none() && staff.area.level() == Level::Municipality,
    };
    let items = districts.0.into_iter().filter(|(code, _)| is_asked(code)).map(|(_, row)| row);
    let source = Text::new(domain::POPULATION_SOURCE_ZH, domain::POPULATION_SOURCE);
    let stats = Stats {
        from: asked.from,
        to: asked.to,
        suppressed_below: least,
        elders_source: source.in_lang(context.lang).to_owned(),
        elders_derived: true,
        items: items.collect(),
    };
    json(StatusCode::OK, &stats)
}

#[derive(Default)]
struct Districts(BTreeMap<String, DistrictStats>);

impl Districts {
    fn of(&mut self, code: &str, permille: u32) -> &mut DistrictStats {
        self.0.entry(code.to_owned()).or_insert_with(|| {
            let division = DivisionCode::parse(code).ok();
            let name = division.as_ref().and_then(divisions::find).map_or("", |division| division.name);
            let residents = division.as_ref().and_then(domain::residents);
            DistrictStats {
                division_code: code.to_owned(),
                name: name.to_owned(),
                elders: residents.map(|residents| domain::elders(residents, permille)),
                beds: 0,
                beds_per_1000_elders: residents.map(|_| 0.0),
                occupied: 0,
                occupancy_percent: None,
                available: 0,
                confirmed_at: None,
                waiting: Vec::new(),
                searches: Vec::new(),
            }
        })
    }
}

impl DistrictStats {
    fn add(&mut self, supply: &Supply) {
        self.beds = supply.maximum;
        self.occupied = supply.occupied;
        self.available = supply.available;
        self.confirmed_at = supply.confirmed_at.map(Instant::at);
        self.beds_per_1000_elders = self.elders.and_then(|elders| tenths(supply.maximum * 1_000, elders));
        self.occupancy_percent = tenths(supply.occupied * 100, supply.maximum);
    }
}

/// A quotient to one decimal; `None` of nothing.
fn tenths(dividend: i64, divisor: i64) -> Option<f64> {
    let tenths = (dividend * 10).checked_div(divisor)?;
    i32::try_from(tenths).ok().map(|tenths| f64::from(tenths) / 10.0)
}
