//! Pages of opportunities, written from the JSON that blocks keep.

use shared::{
    map::{Rank, items_page, unclosed},
    problem::{ApiError, ApiResult},
};

use super::OpportunityNow;
use crate::domain::{Eye, Hit, Search};

/// Bytes of an opportunity in JSON, about.
const OPPORTUNITY_BYTES: usize = 1_500;

/// A page of hits, and what it is written for.
pub struct Page<'a> {
    /// What was asked.
    pub search: &'a Search,
    /// Where the next page begins.
    pub next: Option<&'a Rank>,
    /// When, in Unix seconds.
    pub now: i64,
    /// Whose match is worked out.
    pub eye: Option<Eye<'a>>,
}

impl Page<'_> {
    /// The hits as [`Opportunities`](super::Opportunities) would be written.
    ///
    /// # Errors
    /// None in practice: every part has a JSON form.
    pub fn opportunities(&self, hits: &[Hit]) -> ApiResult<Vec<u8>> {
        let next = self.next.map(|rank| self.search.cursor(rank));
        items_page((hits, OPPORTUNITY_BYTES), next.as_deref(), |body, hit| self.write(body, hit))
    }

    fn write(&self, body: &mut String, hit: &Hit) -> ApiResult<()> {
        let item = hit.item().ok_or_else(|| ApiError::internal("a hit outside of its block"))?;
        let shifts: Vec<_> = self.search.shifts(item.parts(), self.now).copied().collect();
        let matched = self.eye.map(|eye| eye.profile.compare(item.facts(), &shifts, eye.parts, eye.grown));
        let now = OpportunityNow::of(shifts.iter(), hit.distance_m, matched, self.now);
        let now = serde_json::to_string(&now).map_err(ApiError::internal)?;
        body.push_str(unclosed(item.head()));
        // Blocks hold what is published, and nothing else.
        body.push_str(r#","status":"published","#);
        body.push_str(now.strip_prefix('{').unwrap_or_default());
        Ok(())
    }
}
