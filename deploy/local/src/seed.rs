//! Sample data, loaded over HTTP, so that it works on a real Spin too. Made from the city's real divisions and outlines;
//! every record says that it is made up.

mod beds;
mod crowd;
mod csv;
mod donation;
mod marriage;
mod places;
mod random;
mod volunteer;

use anyhow::{Context as _, bail};
use http::{Method, StatusCode, header};
use serde_json::Value;
use shared::divisions::{DivisionCode, full_name};

use crate::client::{Answer, Client};

pub use beds::beds_sample;
pub(crate) use beds::write as write_beds_sample;
pub use donation::donation_sample;
pub(crate) use donation::write as write_donation_sample;
pub use volunteer::{SampleOrganisation, volunteer_sample};

/// A number that nobody has.
const PHONE: &str = "021-00000000";

/// An address that names the division, and says that there is no such house.
fn address(division: &DivisionCode) -> String {
    format!("{}(样例数据，非真实地址)", full_name(division).unwrap_or_default())
}

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
    /// Every function that is there already had data.
    NotEmpty,
    /// This many records were loaded.
    Loaded(usize),
}

impl Outcome {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Loaded(one), Self::Loaded(other)) => Self::Loaded(one + other),
            (Self::NotEmpty, outcome) | (outcome, Self::NotEmpty) => outcome,
        }
    }
}

/// Loads the sample data into each function that has none; a load that was broken off is gone on with.
///
/// # Errors
/// When the application can't be reached or refuses the data.
pub(crate) async fn run(options: &Options) -> anyhow::Result<Outcome> {
    let api = Api { client: Client::new(&options.url)?, token: format!("Bearer {}", options.token) };
    let outcome = marriage::load(&api).await?.and(donation::load(&api).await?);
    let outcome = outcome.and(beds::load(&api).await?);
    Ok(outcome.and(volunteer::load(&api).await?))
}

/// The application, entered with the staff token.
struct Api {
    client: Client,
    token: String,
}

impl Api {
    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self.client.get(path).await?;
        successful(&Method::GET, path, &answer)?;
        answer.json()
    }

    /// What a list has; `None` where there is no such list. An application may do without the function: that is no fault.
    async fn list(&self, path: &str) -> anyhow::Result<Option<Vec<Value>>> {
        let answer = self.client.get(path).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        successful(&Method::GET, path, &answer)?;
        Ok(Some(answer.json()?.get("items").and_then(Value::as_array).cloned().unwrap_or_default()))
    }

    /// What a list of the staff's has.
    async fn owned(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let headers = [(header::AUTHORIZATION, self.token.as_str())];
        let answer = self.client.send(Method::GET, path, &headers, Vec::new()).await?;
        successful(&Method::GET, path, &answer)?;
        Ok(answer.json()?.get("items").and_then(Value::as_array).cloned().unwrap_or_default())
    }

    /// Whether a list is there and has nothing in it.
    async fn wants_sample(&self, list: &str) -> anyhow::Result<bool> {
        Ok(self.list(list).await?.is_some_and(|present| present.is_empty()))
    }

    async fn put(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        let body = serde_json::to_vec(body).context("the sample is no JSON")?;
        self.send(Method::PUT, path, "application/json", body).await
    }

    /// Makes something: what was made.
    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let body = serde_json::to_vec(body).context("the sample is no JSON")?;
        let headers =
            [(header::AUTHORIZATION, self.token.as_str()), (header::CONTENT_TYPE, "application/json")];
        let answer = self.client.send(Method::POST, path, &headers, body).await?;
        successful(&Method::POST, path, &answer)?;
        answer.json()
    }

    async fn post_csv(&self, path: &str, file: String) -> anyhow::Result<()> {
        self.send(Method::POST, path, "text/csv; charset=utf-8", file.into_bytes()).await
    }

    async fn send(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> anyhow::Result<()> {
        let headers = [(header::AUTHORIZATION, self.token.as_str()), (header::CONTENT_TYPE, kind)];
        let answer = self.client.send(method.clone(), path, &headers, body).await?;
        successful(&method, path, &answer)
    }
}

fn successful(method: &Method, path: &str, answer: &Answer) -> anyhow::Result<()> {
    if !answer.status.is_success() {
        bail!("{method} {path}: {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Outcome::{Loaded, NotEmpty};

    #[test]
    fn what_every_function_loaded_is_added_up_and_only_where_none_did_there_was_data() {
        assert_eq!(Loaded(2).and(Loaded(3)), Loaded(5));
        assert_eq!(NotEmpty.and(Loaded(3)), Loaded(3));
        assert_eq!(Loaded(2).and(NotEmpty), Loaded(2));
        assert_eq!(NotEmpty.and(NotEmpty), NotEmpty);
    }
}
