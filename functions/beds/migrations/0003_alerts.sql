-- Who wants to be told when a bed opens, and what is searched for. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS subscription (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  token_hash TEXT NOT NULL,
  -- What is asked for, as the API has it.
  filters TEXT NOT NULL CHECK (json_valid(filters)),
  -- The telephone number, sealed, and its keyed hash; empty once the subscription has ended.
  contact BLOB NOT NULL,
  phone TEXT NOT NULL,
  min_available INTEGER NOT NULL CHECK (min_available > 0),
  room_type TEXT,
  -- How the codes of the division begin; empty for everywhere.
  stem TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS subscription_open ON subscription (no) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS subscription_phone ON subscription (phone) WHERE ended_at IS NULL;

CREATE INDEX IF NOT EXISTS subscription_expiry ON subscription (expires_at) WHERE ended_at IS NULL;

CREATE TRIGGER IF NOT EXISTS subscription_is_made AFTER INSERT ON subscription BEGIN
  -- Whose time has run out are forgotten.
  UPDATE subscription SET ended_at = expires_at, contact = x'', phone = '', filters = '{}', stem = '', room_type = NULL,
                          min_available = 1
    WHERE ended_at IS NULL AND expires_at <= NEW.created_at;
  INSERT INTO audit (at, actor, action, subject) VALUES (NEW.created_at, 'citizen', 'subscription.made', NEW.id);
END;

CREATE TRIGGER IF NOT EXISTS subscription_ends AFTER UPDATE OF ended_at ON subscription BEGIN
  INSERT INTO audit (at, actor, action, subject)
    VALUES (NEW.ended_at, iif(NEW.ended_at = NEW.expires_at, 'system', 'citizen'), 'subscription.ended', NEW.id);
END;

-- A bed that opened and a subscription that it fits: once for each opening.
CREATE TABLE IF NOT EXISTS alert (
  opening INTEGER NOT NULL,
  subscription TEXT NOT NULL REFERENCES subscription (id),
  institution TEXT NOT NULL,
  room_type TEXT NOT NULL,
  available INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (opening, subscription)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS alert_subscription ON alert (subscription, opening);

CREATE TRIGGER IF NOT EXISTS alert_is_raised AFTER INSERT ON alert BEGIN
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.at, 'beds.subscription.matched', NEW.subscription,
            json_object('subscription', NEW.subscription, 'institution', NEW.institution, 'room_type', NEW.room_type,
                        'available', NEW.available));
END;

-- Anonymous: how often which care level was looked for in which district on which day, and how often no home that was shown had a bed.
CREATE TABLE IF NOT EXISTS demand (
  -- Days since 1970-01-01 in Shanghai.
  day INTEGER NOT NULL,
  -- Empty: the whole city.
  district TEXT NOT NULL,
  care_level INTEGER NOT NULL,
  searches INTEGER NOT NULL,
  without_vacancy INTEGER NOT NULL,
  PRIMARY KEY (day, district, care_level)
) STRICT, WITHOUT ROWID;

-- What a caller may do only so often: 'application', one that is refused because the person has one already (who asks for
-- many people is stopped), and 'subscription'.
-- `caller` is a keyed hash of the address; it is let go after a day.
CREATE TABLE IF NOT EXISTS probe (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('application', 'subscription')),
  caller TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS probe_caller ON probe (kind, caller, at);
CREATE INDEX IF NOT EXISTS probe_at ON probe (at);

CREATE TRIGGER IF NOT EXISTS probe_is_let_go AFTER INSERT ON probe BEGIN
  DELETE FROM probe WHERE at < NEW.at - 86400;
END;
