use chrono::{Days, NaiveDate, NaiveTime};
use serde::Serialize;
use serde_json::Value;
use shared::{
    calendar,
    input::{FOREIGN_CURSOR, Object, Rejection, boolean, choice, day, instant, integer, parsed, text},
    map::{Area, Rank, Walk},
    width::narrow,
};
use utoipa::ToSchema;

use super::Opportunity;
use crate::domain::{Coded as _, Field, Search, Skill, Sort};

/// 志愿服务项目一览 · Opportunities.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opportunities {
    /// In the order asked for.
    pub items: Vec<Opportunity>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// 排序 · In which order opportunities are wanted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// 距离 · The nearest first.
    Distance,
    /// 时间 · Whose next shift comes first.
    Date,
    /// 匹配 · What fits the volunteer best first.
    Match,
}

/// Reads the query of `GET /opportunities` at an instant in Unix seconds; `knows_volunteer`: whether a volunteer's token came
/// with it.
pub fn read_search(q: &Object<'_>, now: i64, knows_volunteer: bool) -> Option<Search> {
    let area = Area::read(q);
    let field = q.optional("field", choice(Field::WORDS));
    let skill = q.optional("skill", choice(Skill::WORDS));
    let for_minors = q.optional("for_minors", boolean);
    let available = q.optional("available", boolean);
    let from = q.optional("from", moment(false));
    let to = q.optional("to", moment(true));
    let text = q.optional("q", text(1..=100));
    let sort = q.optional("sort", choice(Sort::WORDS));
    let limit = q.optional("limit", integer(1..=100));
    let cursor = q.optional("cursor", parsed(Rank::read));
    let (area, sort, cursor, from, to) = (area?, sort?, cursor?, from?, to?);
    let has_near = area.near().is_some();
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        q.reject("to", Rejection::new("range", "不应早于 from。", "This must not be before from."));
        return None;
    }
    if sort == Some(Sort::Distance) && !has_near {
        let reason = "按距离排序须提供 near。";
        q.reject("sort", Rejection::new("near_missing", reason, "This needs near beside it."));
        return None;
    }
    if sort == Some(Sort::Match) && !knows_volunteer {
        let reason = "按匹配程度排序须提供志愿者凭证。";
        q.reject("sort", Rejection::new("token_missing", reason, "This needs a volunteer's token."));
        return None;
    }
    let sort = sort.unwrap_or(if has_near { Sort::Distance } else { Sort::Date });
    if cursor.as_ref().is_some_and(|(of, _)| *of != sort.letter()) {
        q.reject("cursor", FOREIGN_CURSOR);
        return None;
    }
    let walk = Walk {
        area,
        by: Search::by(sort),
        after: cursor.map(|(_, rank)| rank),
        limit: usize::try_from(limit?.unwrap_or(20)).ok()?,
    };
    Some(Search {
        walk,
        sort,
        field: field?,
        skill: skill?,
        for_minors: for_minors?,
        available: available?.unwrap_or_default(),
        from: from.unwrap_or(now),
        to: to.unwrap_or(i64::MAX),
        text: text?.map(|text| narrow(&text)),
    })
}

/// An instant, or a day: its beginning, or, where it is the last one, its end.
fn moment(is_end: bool) -> impl Fn(&Value) -> Result<i64, Rejection> {
    move |value| {
        let is_day = value.as_str().is_some_and(|text| text.len() == 10);
        if !is_day {
            return instant(value).map(|at| at.timestamp());
        }
        let begin = |day: NaiveDate| calendar::at(day, NaiveTime::MIN).timestamp();
        day(value).map(|day| begin(if is_end { day + Days::new(1) } else { day }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_day_counts_to_its_end() {
        let at = |text: &str, is_end| moment(is_end)(&text.into());
        assert_eq!(at("2026-11-24", true).unwrap() - at("2026-11-24", false).unwrap(), 86_400);
        assert_eq!(at("2026-11-24T00:00:00+08:00", true), at("2026-11-24", false));
        assert!(at("2026-11-31", false).is_err() && at("tomorrow", false).is_err());
    }
}
