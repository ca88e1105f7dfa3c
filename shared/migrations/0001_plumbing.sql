-- What every function keeps beside its own tables: the audit log, the outbox, idempotency claims, read-model versions.

-- Append-only: triggers of the function write it in the statement that makes the change.
CREATE TABLE IF NOT EXISTS audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX IF NOT EXISTS audit_subject ON audit (subject, seq);
CREATE INDEX IF NOT EXISTS audit_actor ON audit (actor, seq);

CREATE TRIGGER IF NOT EXISTS audit_is_append_only BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER IF NOT EXISTS audit_is_kept BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- The hash chain over the audit log; SQL can't hash, so a function seals what is open before it reads or verifies.
CREATE TABLE IF NOT EXISTS audit_seal (
  seq INTEGER PRIMARY KEY,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS audit_seal_is_append_only BEFORE UPDATE ON audit_seal BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER IF NOT EXISTS audit_seal_is_kept BEFORE DELETE ON audit_seal BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- Events for other systems, filled by triggers, drained by the webhook deliverer.
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY,
  request TEXT NOT NULL,
  seed TEXT NOT NULL,
  holder TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  status INTEGER,
  answer BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS idempotency_expiry ON idempotency (expires_at);

CREATE TRIGGER IF NOT EXISTS idempotency_is_swept AFTER INSERT ON idempotency BEGIN
  DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE expires_at < NEW.expires_at - 172800 LIMIT 4);
END;

-- The version of the truth that a read model in the key-value store has to match.
CREATE TABLE IF NOT EXISTS read_model (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL
) STRICT;
