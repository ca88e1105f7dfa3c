//! Pages of institutions, written from the JSON that blocks keep.

use shared::{
    geo::Position,
    map::{Rank, feature_page, items_page, unclosed},
    problem::{ApiError, ApiResult},
};

use super::{Moment, Now, search::letter};
use crate::domain::{BlockHome, Hit, Search, SubsidyRule};

/// Bytes of an institution in JSON, about.
const HOME_BYTES: usize = 1_500;

/// What a page shows beside the hits.
pub struct Page<'a> {
    /// What was searched for.
    pub search: &'a Search,
    /// The subsidy, where somebody asks for it.
    pub subsidy: Option<&'a SubsidyRule<'a>>,
    /// The rank behind which the next page begins.
    pub next: Option<&'a Rank>,
    /// Now.
    pub moment: Moment,
}

impl Page<'_> {
    /// The hits as [`Institutions`](super::Institutions) would be written.
    ///
    /// # Errors
    /// None in practice: every part has a JSON form.
    pub fn institutions(&self, hits: &[Hit]) -> ApiResult<Vec<u8>> {
        items_page((hits, HOME_BYTES), self.next_cursor().as_deref(), |body, hit| self.write_home(body, hit))
    }

    /// The hits as a [`FeatureCollection`](super::FeatureCollection) would be written.
    ///
    /// # Errors
    /// As [`Self::institutions`].
    pub fn features(&self, hits: &[Hit]) -> ApiResult<Vec<u8>> {
        feature_page((hits, HOME_BYTES), self.next_cursor().as_deref(), place_of, |body, hit| {
            self.write_home(body, hit)
        })
    }

    fn next_cursor(&self) -> Option<String> {
        self.next.map(|rank| rank.cursor(letter(self.search.sort)))
    }

    fn write_home(&self, body: &mut String, hit: &Hit) -> ApiResult<()> {
        let home = home_of(hit)?;
        let subsidy = self.subsidy.map(|rule| rule.of(&home.facts().division));
        let now = Now::of(home.parts(), (&self.search.rooms, subsidy), hit.distance_m, self.moment);
        let now = serde_json::to_string(&now).map_err(ApiError::internal)?;
        body.push_str(unclosed(home.head()));
        body.push(',');
        body.push_str(now.strip_prefix('{').unwrap_or_default());
        Ok(())
    }
}

fn place_of(hit: &Hit) -> ApiResult<(&str, Position)> {
    home_of(hit).map(|home| (home.id(), home.facts().location))
}

fn home_of(hit: &Hit) -> ApiResult<BlockHome<'_>> {
    hit.item().ok_or_else(|| ApiError::internal("a hit outside of its block"))
}
