//! Where a statement may run, decided once per text.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::pragma::{Place, Pragma};

/// What is known of a statement.
pub(super) struct Plan {
    pub(super) kind: Kind,
    /// The text to run, when it isn't the guest's: the first of several statements.
    pub(super) first: Option<String>,
    /// Whether it is an INSERT, UPDATE or DELETE, so that it moves `changes`.
    pub(super) changes_rows: bool,
    /// Whether it must not share a transaction; learnt when it once ended one.
    alone: AtomicBool,
    /// Whether it lately took long or brought many rows.
    long: AtomicBool,
}

pub(super) enum Kind {
    Read,
    Write,
    Pragma(Pragma),
    Refused(String),
}

impl Plan {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            first: None,
            changes_rows: false,
            alone: AtomicBool::new(false),
            long: AtomicBool::new(false),
        }
    }

    pub(super) fn is_alone(&self) -> bool {
        self.alone.load(Relaxed)
    }

    pub(super) fn set_alone(&self) {
        self.alone.store(true, Relaxed);
    }

    pub(super) fn is_long(&self) -> bool {
        self.long.load(Relaxed)
    }

    pub(super) fn set_long(&self, long: bool) {
        self.long.store(long, Relaxed);
    }
}

/// What SQLite said a statement does while preparing it.
#[derive(Default)]
struct Seen {
    refused: Option<&'static str>,
    pragma: Option<(String, Option<String>)>,
}

/// A connection on which statements are only prepared, never run.
pub(super) struct Planner {
    connection: Connection,
    seen: Arc<Mutex<Seen>>,
}

impl Planner {
    pub(super) fn new(connection: Connection) -> Self {
        let seen = Arc::<Mutex<Seen>>::default();
        let witness = seen.clone();
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            let mut seen = witness.lock().unwrap_or_else(PoisonError::into_inner);
            let refused = match context.action {
                // Some pragmas take effect while they are prepared.
                AuthAction::Pragma { pragma_name, pragma_value } => {
                    seen.pragma = Some((pragma_name.to_lowercase(), pragma_value.map(str::to_owned)));
                    return Authorization::Deny;
                }
                AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
                    "transactions that span statements aren't supported: requests share a connection; \
                     make the change one statement"
                }
                AuthAction::Attach { .. } | AuthAction::Detach { .. } => "ATTACH and DETACH aren't supported",
                AuthAction::CreateTable { .. }
                | AuthAction::CreateView { .. }
                | AuthAction::CreateTrigger { .. }
                | AuthAction::CreateIndex { .. }
                | AuthAction::CreateVtable { .. }
                    if context.database_name != Some("temp") =>
                {
                    return Authorization::Allow;
                }
                AuthAction::CreateTable { .. }
                | AuthAction::CreateView { .. }
                | AuthAction::CreateTrigger { .. }
                | AuthAction::CreateIndex { .. }
                | AuthAction::CreateVtable { .. }
                | AuthAction::CreateTempTable { .. }
                | AuthAction::CreateTempView { .. }
                | AuthAction::CreateTempTrigger { .. }
                | AuthAction::CreateTempIndex { .. } => {
                    "temporary tables, views and triggers aren't supported: requests share a connection"
                }
                _ => return Authorization::Allow,
            };
            seen.refused = Some(refused);
            Authorization::Deny
        }));
        Self { connection, seen }
    }

    /// Decides how `sql`'s first statement is run; a text that SQLite can't prepare is its error.
    pub(super) fn plan(&self, sql: &str) -> rusqlite::Result<Plan> {
        let first = self.first(sql);
        let several = first.len() < sql.len();
        let mut plan = self.plan_one(first)?;
        if several && plan.first.is_none() {
            plan.first = Some(first.to_owned());
        }
        Ok(plan)
    }

    fn plan_one(&self, sql: &str) -> rusqlite::Result<Plan> {
        *self.seen() = Seen::default();
        let word = first_word(sql);
        if word == "VACUUM" {
            return Ok(vacuum(sql));
        }
        let prepared = self.connection.prepare(sql).map(|statement| statement.readonly());
        let seen = std::mem::take(&mut *self.seen());
        if let Some(why) = seen.refused {
            return Ok(Plan::new(Kind::Refused(why.to_owned())));
        }
        if let Some((name, value)) = seen.pragma {
            return Ok(pragma(name, value));
        }
        Ok(if prepared? {
            Plan::new(Kind::Read)
        } else {
            let changes_rows = matches!(word.as_str(), "INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "WITH");
            Plan { changes_rows, ..Plan::new(Kind::Write) }
        })
    }

    /// The first statement of a text, which is the only one that Spin runs. SQLite's parser says where it ends: a `;`
    /// may stand in a literal or a trigger.
    #[expect(
        unsafe_code,
        reason = "rusqlite refuses such a text and doesn't tell where its first statement ends"
    )]
    fn first<'s>(&self, sql: &'s str) -> &'s str {
        if !sql.trim_end().trim_end_matches(';').contains(';') {
            return sql;
        }
        let Ok(length) = i32::try_from(sql.len()) else { return sql };
        let (mut statement, mut tail) = (std::ptr::null_mut(), std::ptr::null());
        let text = sql.as_ptr().cast::<std::ffi::c_char>();
        // SAFETY: the text is `length` bytes long and outlives the call; the statement is let go of at once; the
        // tail points into the text or past its end.
        let end = unsafe {
            let handle = self.connection.handle();
            rusqlite::ffi::sqlite3_prepare_v2(handle, text, length, &raw mut statement, &raw mut tail);
            rusqlite::ffi::sqlite3_finalize(statement);
            if tail.is_null() {
                sql.len()
            } else {
                usize::try_from(tail.offset_from(text)).unwrap_or(sql.len())
            }
        };
        sql.get(..end).filter(|first| !first.is_empty()).unwrap_or(sql)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn vacuum(sql: &str) -> Plan {
    if sql.split_whitespace().any(|word| word.eq_ignore_ascii_case("into")) {
        return Plan::new(Kind::Refused("VACUUM INTO isn't supported".to_owned()));
    }
    let plan = Plan::new(Kind::Write);
    plan.set_alone();
    plan
}

fn pragma(name: String, value: Option<String>) -> Plan {
    let pragma = Pragma { name, value };
    match pragma.place() {
        Place::Reader => {
            let plan = Plan::new(Kind::Read);
            plan.set_long(true);
            plan
        }
        Place::Group => Plan::new(Kind::Write),
        Place::Session | Place::Writer => {
            let plan = Plan::new(Kind::Pragma(pragma));
            plan.set_alone();
            plan
        }
        Place::Nowhere => {
            Plan::new(Kind::Refused(format!("the local runtime doesn't take PRAGMA {}", pragma.name)))
        }
    }
}

/// The first word of the first statement in capitals, past white space and comments.
fn first_word(sql: &str) -> String {
    let mut rest = sql.trim_start_matches('\u{feff}');
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ';');
        rest = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            break;
        };
    }
    let end = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::first_word;

    #[test]
    fn the_first_word_is_found_past_white_space_and_comments() {
        assert_eq!(first_word("  -- a\n /* b */ ; select 1"), "SELECT");
        assert_eq!(first_word("WITH a AS (SELECT 1) INSERT"), "WITH");
        assert_eq!(first_word("/* never closed"), "");
        assert_eq!(first_word(""), "");
    }
}
