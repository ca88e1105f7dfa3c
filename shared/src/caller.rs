//! Who calls, as far as limits need to know.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

use crate::privacy::Keys;

/// A keyed hash of the address that a request came from, as `header` tells it: the same for the same address, and useless
/// without the key.
#[must_use]
pub fn caller(keys: &Keys, headers: &HeaderMap, header: &str) -> String {
    keys.blind_index("caller", &address(headers, header))
}

/// The last address in the header, because a client may have sent ones of its own before it; of an IPv6 address the
/// network (/64), because one customer has all of it.
fn address(headers: &HeaderMap, header: &str) -> String {
    let values = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    let last = values.flat_map(|value| value.split(',')).next_back().unwrap_or_default().trim();
    let bare = last.parse::<std::net::SocketAddr>().map(|socket| socket.ip()).or_else(|_| last.parse());
    match bare.map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            Ipv6Addr::from(network).to_string()
        }
        Err(_) => last.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("spin-client-addr", value.parse().unwrap());
        }
        address(&headers, "spin-client-addr")
    }

    #[test]
    fn the_last_address_counts_whatever_its_port_and_whatever_was_claimed_before() {
        assert_eq!(of(&["127.0.0.1:4711"]), "127.0.0.1");
        assert_eq!(of(&["9.9.9.9:1", "127.0.0.1:4711"]), "127.0.0.1");
        assert_eq!(of(&["9.9.9.9, 10.0.0.7"]), "10.0.0.7");
        assert_eq!(of(&["[2001:db8:1:2:3:4:5:6]:443"]), "2001:db8:1:2::");
        assert_eq!(of(&["::ffff:10.0.0.7"]), "10.0.0.7");
        assert_eq!(of(&[]), "");
    }
}
