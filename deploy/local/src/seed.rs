//! Sample data, loaded over HTTP, so that it works on a real Spin too. Made from the city's real divisions and outlines;
//! every record says that it is made up.

mod marriage;
mod random;

use anyhow::{Context as _, bail};
use http::{Method, header};
use serde_json::Value;

use crate::client::Client;

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

/// Loads the sample data into an application that has none; a load that was broken off is gone on with.
///
/// # Errors
/// When the application can't be reached or refuses the data.
pub(crate) async fn run(options: &Options) -> anyhow::Result<Outcome> {
    let api = Api { client: Client::new(&options.url)?, token: format!("Bearer {}", options.token) };
    marriage::load(&api).await
}

/// The application, entered with the staff token.
struct Api {
    client: Client,
    token: String,
}

impl Api {
    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self.client.get(path).await?;
        if !answer.status.is_success() {
            bail!("GET {path}: {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        answer.json()
    }

    async fn put(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let headers =
            [(header::AUTHORIZATION, self.token.as_str()), (header::CONTENT_TYPE, "application/json")];
        let body = serde_json::to_vec(body).context("the sample is no JSON")?;
        let answer = self.client.send(Method::PUT, path, &headers, body).await?;
        if !answer.status.is_success() {
            bail!("PUT {path}: {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(())
    }
}
