//! Calls that a component makes: to another component in this process, or to a granted host over HTTP.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderName;
use http_body_util::BodyExt as _;
use hyper::client::conn::http1;
use tokio::net::TcpStream;
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::{DEFAULT_FORBIDDEN_HEADERS, Error, RequestOptions, WasiBody, WasiHttpHooks};

use super::Grants;
use crate::manifest::INTERNAL_SUFFIX;

/// How long a connection to another host may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

type Request = http::Request<WasiBody>;
type Response = http::Response<WasiBody>;
type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;

/// A call in progress.
pub(crate) type Call = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send>>;

/// Whoever answers calls between components.
pub(crate) trait Callee: Send + Sync {
    /// Calls `component`.
    fn call(&self, component: String, request: Request) -> Call;
}

/// The outgoing side of one instance.
pub(super) struct Outgoing(Arc<Grants>);

impl Outgoing {
    pub(super) fn new(grants: &Arc<Grants>) -> Self {
        Self(grants.clone())
    }

    fn is_granted(&self, uri: &http::Uri) -> bool {
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { return false };
        self.0.outbound.iter().any(|granted| granted.allows(scheme, host, uri.port_u16()))
    }
}

impl WasiHttpHooks for Outgoing {
    /// As by default, without the closure that the default makes for every header of every message.
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        DEFAULT_FORBIDDEN_HEADERS.contains(name)
    }

    fn send_request(
        &mut self,
        request: Request,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<(Response, Io), Error>> + Send> {
        if !self.is_granted(request.uri()) {
            let host = request.uri().host().unwrap_or_default().to_owned();
            let refused = "not in the component's allowed_outbound_hosts";
            let fields: [(&str, &dyn std::fmt::Display); 3] =
                [("component", &self.0.component), ("host", &host), ("refused", &refused)];
            self.0.log.line("warn", &fields);
            return Box::new(std::future::ready(Err(Error::HttpRequestDenied)));
        }
        let internal = request.uri().host().and_then(|host| host.strip_suffix(INTERNAL_SUFFIX));
        if let Some(component) = internal.map(str::to_owned) {
            let call = self.0.callee.call(component, request);
            return Box::new(async move { Ok((call.await?, Box::new(std::future::ready(Ok(()))) as Io)) });
        }
        let connect = options.and_then(|options| options.connect_timeout).unwrap_or(CONNECT);
        Box::new(send(request, connect))
    }
}

/// Sends to another host, on a connection of its own.
async fn send(mut request: Request, connect: Duration) -> Result<(Response, Io), Error> {
    if request.uri().scheme() != Some(&http::uri::Scheme::HTTP) {
        let message = "the local runtime calls other hosts over http only; https needs Spin";
        return Err(Error::InternalError(Some(message.to_owned())));
    }
    let host = request.uri().host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let address = (host, request.uri().port_u16().unwrap_or(80));
    let stream = tokio::time::timeout(connect, TcpStream::connect(address))
        .await
        .map_err(|_| Error::ConnectionTimeout)?
        .map_err(Error::Connect)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    *request.uri_mut() = path.parse().map_err(|_| Error::HttpRequestUriInvalid)?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let response = response.map(|body| body.map_err(Error::from).boxed_unsync());
    let io = async move { connection.await.unwrap_or(Ok(())).map_err(Error::from) };
    Ok((response, Box::new(io)))
}
