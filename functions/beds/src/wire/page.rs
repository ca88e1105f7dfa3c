//! Pages of institutions, written from the JSON that blocks keep.

use serde::Serialize;
use serde_json::json;
use shared::problem::{ApiError, ApiResult};

use super::{Moment, Now, cursor_of};
use crate::domain::{BlockHome, Hit, Rank, Search, SubsidyRule};

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
        self.write(r#"{"items":["#, hits, |body, hit, home| self.write_home(body, hit, home))
    }

    /// The hits as a [`FeatureCollection`](super::FeatureCollection) would be written.
    ///
    /// # Errors
    /// As [`Self::institutions`].
    pub fn features(&self, hits: &[Hit]) -> ApiResult<Vec<u8>> {
        self.write(r#"{"type":"FeatureCollection","features":["#, hits, |body, hit, home| {
            let coordinates = [home.location().lon, home.location().lat];
            let feature = json!({
                "type": "Feature",
                "id": home.id(),
                "geometry": {"type": "Point", "coordinates": coordinates},
            });
            body.push_str(unclosed(&text(&feature)?));
            body.push_str(r#","properties":"#);
            self.write_home(body, hit, home)?;
            body.push('}');
            Ok(())
        })
    }

    fn write(
        &self,
        begin: &str,
        hits: &[Hit],
        write: impl Fn(&mut String, &Hit, BlockHome<'_>) -> ApiResult<()>,
    ) -> ApiResult<Vec<u8>> {
        let mut body = String::with_capacity(64 + hits.len() * HOME_BYTES);
        body.push_str(begin);
        for (n, hit) in hits.iter().enumerate() {
            if n > 0 {
                body.push(',');
            }
            let home = hit.home().ok_or_else(|| ApiError::internal("a hit outside of its block"))?;
            write(&mut body, hit, home)?;
        }
        body.push_str(r#"],"next_cursor":"#);
        body.push_str(&text(&self.next.map(|rank| cursor_of(self.search.sort, rank)))?);
        body.push('}');
        Ok(body.into_bytes())
    }

    fn write_home(&self, body: &mut String, hit: &Hit, home: BlockHome<'_>) -> ApiResult<()> {
        let subsidy = self.subsidy.map(|rule| rule.of(home.division()));
        let now = Now::of(home.rooms(), (&self.search.rooms, subsidy), hit.distance_m, self.moment);
        body.push_str(unclosed(home.head()));
        body.push(',');
        body.push_str(text(&now)?.strip_prefix('{').unwrap_or_default());
        Ok(())
    }
}

/// A JSON object without its last brace, so that it can go on.
fn unclosed(object: &str) -> &str {
    object.strip_suffix('}').unwrap_or_default()
}

fn text(value: &impl Serialize) -> ApiResult<String> {
    serde_json::to_string(value).map_err(ApiError::internal)
}
