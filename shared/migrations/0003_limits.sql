-- What a function keeps that limits how often a caller may do something.

-- `kind` is the function's word for what was done. `caller` is a keyed hash of the address; it is let go after a day.
CREATE TABLE IF NOT EXISTS probe (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  caller TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS probe_caller ON probe (kind, caller, at);
CREATE INDEX IF NOT EXISTS probe_at ON probe (at);

CREATE TRIGGER IF NOT EXISTS probe_is_let_go AFTER INSERT ON probe BEGIN
  DELETE FROM probe WHERE at < NEW.at - 86400;
END;
