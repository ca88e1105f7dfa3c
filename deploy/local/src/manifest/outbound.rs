//! Which hosts a component may call.

use std::ops::RangeInclusive;

/// One entry of `allowed_outbound_hosts`: `scheme://host[:port]`, each part may be `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedHost {
    scheme: Option<String>,
    host: HostPattern,
    ports: Option<RangeInclusive<u16>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HostPattern {
    Any,
    Below(String),
    Exact(String),
}

/// The domain at which components of the same application answer.
pub(crate) const INTERNAL_SUFFIX: &str = ".spin.internal";

impl AllowedHost {
    /// Parses an entry.
    ///
    /// # Errors
    /// What is wrong with it, for the manifest's author.
    pub(crate) fn parse(entry: &str) -> Result<Self, String> {
        let (scheme, rest) = entry.trim().split_once("://").ok_or_else(|| {
            format!("`{entry}` has no scheme; write `https://host` or `http://*.spin.internal`")
        })?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('/') {
            return Err(format!("`{entry}` has a path; only a host and a port can be granted"));
        }
        let (host, port) = split_port(rest);
        let host = match host {
            "*" => HostPattern::Any,
            "self" => return Err("`self` isn't supported by the local runtime".to_owned()),
            _ => match host.strip_prefix("*.") {
                Some(domain) if !domain.contains('*') => {
                    HostPattern::Below(format!(".{}", domain.to_lowercase()))
                }
                None if !host.contains('*') && !host.is_empty() => HostPattern::Exact(host.to_lowercase()),
                _ => {
                    return Err(format!(
                        "`{entry}`: `*` may stand only for a whole host or its first labels"
                    ));
                }
            },
        };
        let ports = match port {
            Some("*") => None,
            Some(text) => Some(parse_ports(text).ok_or_else(|| format!("`{entry}`: `{text}` is no port"))?),
            None => {
                let port = default_port(scheme)
                    .ok_or_else(|| format!("`{entry}` needs a port: `{scheme}` has no usual one"))?;
                Some(port..=port)
            }
        };
        Ok(Self { scheme: (scheme != "*").then(|| scheme.to_owned()), host, ports })
    }

    /// Whether it grants a call.
    #[must_use]
    pub(crate) fn allows(&self, scheme: &str, host: &str, port: Option<u16>) -> bool {
        let host = host.to_lowercase();
        let host_fits = match &self.host {
            HostPattern::Any => true,
            HostPattern::Below(suffix) => host.ends_with(suffix.as_str()),
            HostPattern::Exact(exact) => host == *exact,
        };
        let port_fits = match (&self.ports, port.or_else(|| default_port(scheme))) {
            (None, _) => true,
            (Some(ports), Some(port)) => ports.contains(&port),
            (Some(_), None) => false,
        };
        host_fits && port_fits && self.scheme.as_deref().is_none_or(|granted| granted == scheme)
    }

    /// The component that this names, if it names one of the same application.
    pub(crate) fn component(&self) -> Option<&str> {
        match &self.host {
            HostPattern::Exact(host) => host.strip_suffix(INTERNAL_SUFFIX),
            _ => None,
        }
    }
}

fn split_port(rest: &str) -> (&str, Option<&str>) {
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, (!port.is_empty()).then_some(port)),
        _ => (rest, None),
    }
}

fn parse_ports(text: &str) -> Option<RangeInclusive<u16>> {
    match text.split_once("..") {
        Some((from, until)) => Some(from.parse().ok()?..=until.parse::<u16>().ok()?.checked_sub(1)?),
        None => text.parse().ok().map(|port| port..=port),
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}
