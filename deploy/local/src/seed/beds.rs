//! Care homes: about as many, with about as many beds, as the city has; or as many as are wanted for measuring.
//!
//! # Design
//! As for [donation points](super::donation), all comes from seeded numbers and exact arithmetic, and a home lies somewhere
//! in its district. `home` makes up what a home offers, `file` writes the rows. A free place in a care home is news that
//! people act upon: name, operator, address and telephone number all say that it is made up.

mod file;
mod home;

use std::path::{Path, PathBuf};

use super::{Api, Outcome, crowd, csv};
use file::HEADER;

/// The seed of the sample that is loaded.
const SEED: u64 = 310_000;
/// How many homes it has.
const HOMES: usize = 700;

/// Made-up care homes as CSV files for `POST /api/v1/beds/institutions/import`, each of at most 20,000 rows and below
/// 8 MiB; every row says that it is a sample.
///
/// Of `count` homes each district has its share by residents, its sub-districts the same number, inside the district's
/// outline; by district, and within it a home of each sub-district in turn. A home has some 60 to 600 beds, of which at
/// least 80 % are occupied. A seed gives the same files on every machine and every day.
#[must_use]
pub fn beds_sample(count: usize, seed: u64) -> Vec<String> {
    crowd::files(count, seed, HEADER, file::row)
}

/// Writes the files of [`beds_sample`] into a folder, and returns where.
///
/// # Errors
/// When a file is there already, or can't be written.
pub(crate) fn write(count: usize, seed: u64, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    csv::write(&beds_sample(count, seed), folder, "care-homes")
}

/// Loads the sample where the function has no home at all. An import is taken in whole or not at all, and the sample is one
/// file, so a load that was broken off has left nothing.
pub(super) async fn load(api: &Api) -> anyhow::Result<Outcome> {
    if !api.wants_sample("/api/v1/beds/institutions?limit=1").await? {
        return Ok(Outcome::NotEmpty);
    }
    for file in beds_sample(HOMES, SEED) {
        api.post_csv("/api/v1/beds/institutions/import", file).await?;
    }
    Ok(Outcome::Loaded(HOMES))
}

#[cfg(test)]
mod tests;
