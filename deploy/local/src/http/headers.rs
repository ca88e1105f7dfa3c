//! The headers that a component finds on a request.

use std::net::SocketAddr;

use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header, request};

use super::trace::TRACEPARENT;
use super::{Match, Trace};

const PATH_INFO: HeaderName = HeaderName::from_static("spin-path-info");
const FULL_URL: HeaderName = HeaderName::from_static("spin-full-url");
const MATCHED_ROUTE: HeaderName = HeaderName::from_static("spin-matched-route");
const BASE_PATH: HeaderName = HeaderName::from_static("spin-base-path");
const RAW_COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-raw-component-route");
const COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-component-route");
const CLIENT_ADDR: HeaderName = HeaderName::from_static("spin-client-addr");

/// Makes of a request as it arrived the one that the component sees; `None` when its host can't be one.
///
/// The URI becomes absolute. Headers that start with `spin-` are the host's: the client's are dropped.
pub(crate) fn prepare(
    parts: &mut request::Parts,
    found: Match<'_>,
    client: SocketAddr,
    trace: &Trace,
) -> Option<()> {
    let authority = authority(&parts.uri, &parts.headers)?;
    let path = parts.uri.path_and_query().cloned()?;
    let full = format!("http://{authority}{path}");
    let mut uri = http::uri::Parts::default();
    uri.scheme = Some(Scheme::HTTP);
    uri.authority = Some(authority);
    uri.path_and_query = Some(path);
    parts.uri = Uri::from_parts(uri).ok()?;

    let headers = &mut parts.headers;
    drop_hosts_own(headers);
    headers.remove(header::CONNECTION);
    headers.insert(TRACEPARENT, trace.header());
    headers.insert(FULL_URL, HeaderValue::try_from(full).ok()?);
    headers.insert(PATH_INFO, HeaderValue::try_from(found.rest).ok()?);
    headers.insert(MATCHED_ROUTE, found.written.clone());
    headers.insert(RAW_COMPONENT_ROUTE, found.written);
    headers.insert(COMPONENT_ROUTE, found.prefix);
    headers.insert(BASE_PATH, HeaderValue::from_static("/"));
    headers.insert(CLIENT_ADDR, HeaderValue::try_from(client.to_string()).ok()?);
    for (name, value) in found.names {
        let name = HeaderName::try_from(format!("spin-path-match-{}", name.to_ascii_lowercase())).ok()?;
        headers.insert(name, HeaderValue::try_from(value).ok()?);
    }
    Some(())
}

fn drop_hosts_own(headers: &mut HeaderMap) {
    let own: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with("spin-")).cloned().collect();
    for name in own {
        headers.remove(name);
    }
}

fn authority(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    if let Some(authority) = uri.authority() {
        return Some(authority.clone());
    }
    match headers.get(header::HOST) {
        Some(host) => Authority::try_from(host.as_bytes()).ok(),
        None => Some(Authority::from_static("localhost")),
    }
}
