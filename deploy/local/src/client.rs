//! A small HTTP client for the commands that talk to a running application.

use std::time::Duration;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use wasmtime_wasi_http::io::TokioIo;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of one server, on one connection that is kept.
pub(crate) struct Client {
    host: String,
    port: u16,
    prefix: String,
    connection: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

/// An answer that has arrived.
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: StatusCode,
    /// Its body.
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> anyhow::Result<serde_json::Value> {
        serde_json::from_slice(&self.body).context("the answer is no JSON")
    }
}

impl Client {
    /// A client of the server at `url`, such as `http://127.0.0.1:3000`.
    pub(crate) fn new(url: &str) -> anyhow::Result<Self> {
        let uri: Uri = url.parse().with_context(|| format!("`{url}` is no URL"))?;
        if uri.scheme_str() != Some("http") {
            bail!("`{url}` must start with http://");
        }
        let host = uri.host().with_context(|| format!("`{url}` has no host"))?;
        Ok(Self {
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(80),
            prefix: uri.path().trim_end_matches('/').to_owned(),
            connection: Mutex::default(),
        })
    }

    /// Gets `path`.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    /// Sends a request and waits for the whole answer.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: impl Into<Bytes>,
    ) -> anyhow::Result<Answer> {
        let body = body.into();
        let what = || format!("{method} http://{}:{}{}{path}", self.host, self.port, self.prefix);
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", self.prefix))
            .header(header::HOST, format!("{}:{}", self.host, self.port));
        for (name, value) in headers {
            request = request.header(name, HeaderValue::from_str(value)?);
        }
        let request = request.body(Full::new(body))?;
        let answer = tokio::time::timeout(PATIENCE, self.exchange(request));
        answer.await.with_context(|| format!("{}: no answer in time", what()))?.with_context(what)
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> anyhow::Result<Answer> {
        let mut kept = self.connection.lock().await;
        let mut sender = match kept.take() {
            Some(sender) if !sender.is_closed() => sender,
            _ => self.connect().await?,
        };
        if sender.ready().await.is_err() {
            sender = self.connect().await?;
        }
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        *kept = Some(sender);
        Ok(Answer { status, body })
    }

    async fn connect(&self) -> anyhow::Result<SendRequest<Full<Bytes>>> {
        let host = self.host.trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, self.port)).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }
}
