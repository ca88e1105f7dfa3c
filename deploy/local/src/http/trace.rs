//! W3C trace context: one id for everything that a request causes.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header of a trace.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The trace that a request belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Trace(HeaderValue);

impl Trace {
    /// The caller's trace if it sent a valid one, else a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut sent = headers.get_all(TRACEPARENT).iter();
        match (sent.next(), sent.next()) {
            (Some(value), None) if is_valid(value.as_bytes()) => Self(value.clone()),
            _ => Self::new(),
        }
    }

    fn new() -> Self {
        let [high, low, span] = random();
        // An id of only zeroes means none.
        let text = format!("00-{high:016x}{low:016x}-{:016x}-01", span.max(1));
        Self(HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("")))
    }

    /// The value of the `traceparent` header.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// The id of the whole trace.
    pub(crate) fn id(&self) -> &str {
        self.0.to_str().ok().and_then(|text| text.get(3..35)).unwrap_or_default()
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Version 00 exactly as the recommendation writes it: hex in lower case, no id of only zeroes.
fn is_valid(value: &[u8]) -> bool {
    let fields: Vec<&[u8]> = value.split(|byte| *byte == b'-').collect();
    let [version, trace, parent, flags] = fields.as_slice() else { return false };
    let hex = |field: &[u8], length| {
        field.len() == length && field.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let some = |field: &[u8]| field.iter().any(|byte| *byte != b'0');
    *version == b"00" && hex(trace, 32) && some(trace) && hex(parent, 16) && some(parent) && hex(flags, 2)
}

/// Numbers that don't repeat; not for secrets.
fn random() -> [u64; 3] {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static SEED: OnceLock<[u64; 3]> = OnceLock::new();
    let seed = SEED.get_or_init(|| {
        let seed = || getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
        [seed(), seed(), seed()]
    });
    let count = COUNT.fetch_add(1, Relaxed);
    seed.map(|seed| mix(seed.wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15))))
}

/// The output function of SplitMix64.
fn mix(mut number: u64) -> u64 {
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valid_trace_is_kept_and_any_other_is_replaced() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(TRACEPARENT, value.parse().unwrap());
            Trace::of(&headers)
        };
        assert_eq!(with(valid).header(), valid);
        assert_eq!(with(valid).id(), "0af7651916cd43dd8448eb211c80319c");
        for wrong in [
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "x",
        ] {
            let made = with(wrong);
            assert_ne!(made.header(), wrong);
            assert!(is_valid(made.header().as_bytes()));
        }
    }

    #[test]
    fn new_traces_differ() {
        assert_ne!(Trace::new().id(), Trace::new().id());
    }
}
