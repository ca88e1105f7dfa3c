//! A measured server: a process of this program in another role, and plain requests to it.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;

/// The environment variable that tells a process of this program what it is.
pub(crate) const ROLE: &str = "MINZHENG_BENCH_ROLE";
const PATIENCE: Duration = Duration::from_secs(30);

/// This program in a role.
pub(crate) fn command<A: AsRef<OsStr>>(role: &str, arguments: &[A]) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env(ROLE, role).args(arguments).stdin(Stdio::null());
    Ok(command)
}

/// A server; its process ends with it.
pub(crate) struct Server {
    process: Child,
    /// Kept open, so that the process may go on printing.
    _output: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it and reads where it listens.
    pub(crate) fn start<A: AsRef<OsStr>>(role: &str, arguments: &[A]) -> anyhow::Result<Self> {
        let mut process = command(role, arguments)?.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut output = BufReader::new(process.stdout.take().context("no output")?);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            if let Some(address) = line.trim().strip_prefix("listening on http://") {
                let address: SocketAddr = address.trim_end_matches('/').parse()?;
                ensure!(address.ip() == Ipv4Addr::LOCALHOST, "the benchmark loads this machine only");
                return Ok(Self { process, _output: output, address });
            }
            line.clear();
        }
        let _ = process.kill();
        bail!("the {role} ended before it listened: {}", process.wait()?)
    }

    /// Its resident memory in MB.
    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024.0 / 1e6)
    }

    /// One request on a connection of its own.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: String,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let mut request = request(method, path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.exchange(request.body(Full::from(body))?).await
    }

    /// A file of comma-separated values, sent by staff.
    pub(crate) async fn send_csv(
        &self,
        path: &str,
        token: &str,
        file: String,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "127.0.0.1")
            .header("content-type", "text/csv")
            .header("authorization", format!("Bearer {token}"));
        self.exchange(request.body(Full::from(file))?).await
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> anyhow::Result<(StatusCode, Bytes)> {
        let exchange = async { exchange(&mut connect(self.address).await?, request).await };
        let answer = tokio::time::timeout(PATIENCE, exchange).await??;
        Ok((answer.status(), answer.into_body()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The head of a request.
pub(crate) fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1")
        .header("content-type", "application/json")
}

/// A connection that is kept alive.
pub(crate) type Sender = SendRequest<Full<Bytes>>;

pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Sender> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Sends a request and takes the whole answer.
pub(crate) async fn exchange(
    sender: &mut Sender,
    request: Request<Full<Bytes>>,
) -> anyhow::Result<Response<Bytes>> {
    sender.ready().await?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
}
