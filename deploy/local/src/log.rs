//! The structured log: one line an event, `key=value`, to standard error.
//!
//! Lines are gathered for a few milliseconds and written together, so that a request doesn't wait for a terminal.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a line may wait for others.
const GATHER: Duration = Duration::from_millis(5);
/// Past this many waiting bytes, lines are dropped rather than kept in memory.
const MAX_WAITING: usize = 4 << 20;

/// A handle of the log; clones write to the same place.
#[derive(Clone)]
pub(crate) struct Log(Option<Arc<Shared>>);

struct Shared {
    waiting: Mutex<Waiting>,
    news: Condvar,
}

#[derive(Default)]
struct Waiting {
    text: String,
    dropped: u64,
}

impl Log {
    /// A log that writes to standard error.
    #[must_use]
    pub(crate) fn start() -> Self {
        let shared = Arc::new(Shared { waiting: Mutex::default(), news: Condvar::new() });
        let writer = Arc::downgrade(&shared);
        std::thread::spawn(move || {
            while let Some(shared) = writer.upgrade() {
                let waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                let timeout = Duration::from_millis(500);
                let (waiting, _) = shared
                    .news
                    .wait_timeout_while(waiting, timeout, |waiting| waiting.text.is_empty())
                    .unwrap_or_else(PoisonError::into_inner);
                let idle = waiting.text.is_empty();
                drop(waiting);
                if !idle {
                    std::thread::sleep(GATHER);
                    shared.write();
                }
            }
        });
        Self(Some(shared))
    }

    /// A log that keeps silent.
    #[must_use]
    pub(crate) fn quiet() -> Self {
        Self(None)
    }

    /// Writes a line of `fields`; values with spaces, quotes or control characters are quoted.
    pub(crate) fn line(&self, level: &str, fields: &[(&str, &dyn std::fmt::Display)]) {
        let Some(shared) = &self.0 else { return };
        let mut line = String::with_capacity(192);
        let _ = write!(line, "time={} level={level}", Timestamp(SystemTime::now()));
        for (key, value) in fields {
            let _ = write!(line, " {key}=");
            let start = line.len();
            let _ = write!(line, "{value}");
            let text = line.get(start..).unwrap_or_default();
            if text.is_empty()
                || text
                    .contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '"')
            {
                let quoted = format!("{text:?}");
                line.truncate(start);
                line.push_str(&quoted);
            }
        }
        line.push('\n');
        let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.text.len() + line.len() > MAX_WAITING {
            waiting.dropped += 1;
            return;
        }
        let first = waiting.text.is_empty();
        waiting.text.push_str(&line);
        drop(waiting);
        if first {
            shared.news.notify_one();
        }
    }

    /// Writes what waits.
    pub(crate) fn flush(&self) {
        if let Some(shared) = &self.0 {
            shared.write();
        }
    }
}

impl Shared {
    fn write(&self) {
        let mut stderr = std::io::stderr().lock();
        let mut waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if waiting.dropped > 0 {
            let _ = writeln!(waiting.text, "level=warn dropped_lines={}", waiting.dropped);
        }
        // There is nowhere to report that the log can't be written.
        let _ = stderr.write_all(waiting.text.as_bytes());
    }
}

/// An instant as RFC 3339 in UTC with milliseconds.
struct Timestamp(SystemTime);

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let since = self.0.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (days, second) = (since.as_secs() / 86400, since.as_secs() % 86400);
        // Howard Hinnant's days-to-civil: eras of 400 years that begin on the first of March.
        let shifted = days + 719_468;
        let (era, day) = (shifted / 146_097, shifted % 146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let of_year = day - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let month = if march < 10 { march + 3 } else { march - 9 };
        write!(
            f,
            "{:04}-{month:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            year + era * 400 + u64::from(month <= 2),
            of_year - (153 * march + 2) / 5 + 1,
            second / 3600,
            second / 60 % 60,
            second % 60,
            since.subsec_millis()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_rfc_3339() {
        let at = |seconds: u64| Timestamp(UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 7)).to_string();
        assert_eq!(at(0), "1970-01-01T00:00:00.007Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.007Z");
        assert_eq!(at(1_772_323_199), "2026-02-28T23:59:59.007Z");
    }
}
