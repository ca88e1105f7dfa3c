-- A seat kept for a while: for somebody filling in the form (`waitlist` is NULL) or offered to the first who waits.
-- It counts only while `expires_at` lies ahead; nothing sweeps it in time, nothing has to.
CREATE TABLE IF NOT EXISTS hold (
  -- SHA-256 of the hold's secret; for an offer `offer:<waitlist reference>`.
  id TEXT PRIMARY KEY,
  office_id TEXT NOT NULL,
  service TEXT NOT NULL,
  start INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  waitlist TEXT UNIQUE,
  FOREIGN KEY (office_id, service, start) REFERENCES slot (office_id, service, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS hold_slot ON hold (office_id, service, start, expires_at);
CREATE INDEX IF NOT EXISTS hold_expiry ON hold (expires_at);

CREATE TABLE IF NOT EXISTS appointment (
  -- Derived from the request's idempotency seed: a repeated request meets its own row here.
  reference TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('confirmed', 'checked_in', 'completed', 'cancelled', 'no_show')),
  office_id TEXT NOT NULL,
  service TEXT NOT NULL,
  start INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  with_ceremony INTEGER NOT NULL CHECK (with_ceremony IN (0, 1)),
  -- The parties, sealed.
  parties BLOB NOT NULL,
  -- Their blind indexes, a JSON array.
  persons TEXT NOT NULL CHECK (json_valid(persons)),
  hold_id TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  FOREIGN KEY (office_id, service, start) REFERENCES slot (office_id, service, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS appointment_day ON appointment (office_id, start);

-- Who takes part in which appointment, by blind index.
CREATE TABLE IF NOT EXISTS party (
  reference TEXT NOT NULL REFERENCES appointment (reference),
  person TEXT NOT NULL,
  service TEXT NOT NULL,
  -- 1 while the appointment lies ahead or is under way; one a person and service.
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  ends_at INTEGER NOT NULL,
  no_show_at INTEGER,
  completed_at INTEGER,
  PRIMARY KEY (reference, person)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS party_active ON party (person, service) WHERE active = 1;
CREATE INDEX IF NOT EXISTS party_no_show ON party (person, no_show_at) WHERE no_show_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS party_completed ON party (person, service, completed_at) WHERE completed_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS waitlist (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  reference TEXT NOT NULL UNIQUE,
  token_hash TEXT NOT NULL,
  -- `offered` whose hold ran out has lapsed.
  status TEXT NOT NULL CHECK (status IN ('waiting', 'offered', 'accepted', 'withdrawn')),
  office_id TEXT NOT NULL REFERENCES office (id),
  service TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  offer_seconds INTEGER NOT NULL,
  parties BLOB NOT NULL,
  persons TEXT NOT NULL CHECK (json_valid(persons)),
  appointment TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS waitlist_queue ON waitlist (office_id, service, id) WHERE status = 'waiting';

CREATE TABLE IF NOT EXISTS waitlist_party (
  person TEXT NOT NULL,
  service TEXT NOT NULL,
  waitlist_id INTEGER NOT NULL REFERENCES waitlist (id),
  PRIMARY KEY (person, service, waitlist_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS waitlist_is_joined AFTER INSERT ON waitlist BEGIN
  INSERT INTO waitlist_party (person, service, waitlist_id)
    SELECT p.value, NEW.service, NEW.id FROM json_each(NEW.persons) AS p;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, 'waitlist.joined', NEW.reference, json_object('office_id', NEW.office_id));
END;

CREATE TRIGGER IF NOT EXISTS waitlist_changes_status AFTER UPDATE OF status ON waitlist WHEN NEW.status <> OLD.status BEGIN
  DELETE FROM hold WHERE waitlist = NEW.reference AND NEW.status = 'withdrawn';
  INSERT INTO audit (at, actor, action, subject)
    VALUES (NEW.changed_at, NEW.changed_by, 'waitlist.' || NEW.status, NEW.reference);
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.changed_at, 'marriage.waitlist.' || NEW.status, NEW.reference, '{}');
END;

CREATE TRIGGER IF NOT EXISTS hold_is_made AFTER INSERT ON hold BEGIN
  UPDATE waitlist SET status = 'offered', changed_at = NEW.created_at, changed_by = 'system'
    WHERE reference = NEW.waitlist;
  DELETE FROM hold WHERE id IN (
    SELECT id FROM hold WHERE expires_at < NEW.created_at - 86400 AND waitlist IS NULL LIMIT 4);
END;

CREATE TRIGGER IF NOT EXISTS appointment_is_booked AFTER INSERT ON appointment BEGIN
  UPDATE slot SET booked = booked + 1
    WHERE office_id = NEW.office_id AND service = NEW.service AND start = NEW.start;
  UPDATE waitlist SET status = 'accepted', appointment = NEW.reference,
                      changed_at = NEW.changed_at, changed_by = NEW.changed_by
    WHERE reference = (SELECT waitlist FROM hold WHERE id = NEW.hold_id);
  DELETE FROM hold WHERE id = NEW.hold_id;
  UPDATE party SET active = 0
    WHERE active = 1 AND ends_at <= NEW.created_at AND service = NEW.service
      AND person IN (SELECT value FROM json_each(NEW.persons));
  INSERT INTO party (reference, person, service, active, ends_at)
    SELECT NEW.reference, p.value, NEW.service, 1, NEW.end_at FROM json_each(NEW.persons) AS p;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, 'appointment.booked', NEW.reference,
            json_object('office_id', NEW.office_id, 'service', NEW.service, 'start', NEW.start));
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.changed_at, 'marriage.appointment.booked', NEW.reference,
            json_object('office_id', NEW.office_id, 'service', NEW.service, 'start', NEW.start));
END;

-- A freed seat goes to the first who waits for it, in the statement that frees it.
CREATE TRIGGER IF NOT EXISTS appointment_frees_its_seat
AFTER UPDATE OF status, office_id, start ON appointment
WHEN NEW.status = 'cancelled' AND OLD.status <> 'cancelled' OR NEW.office_id <> OLD.office_id OR NEW.start <> OLD.start
BEGIN
  UPDATE slot SET booked = booked - 1
    WHERE office_id = OLD.office_id AND service = OLD.service AND start = OLD.start;
  UPDATE slot SET booked = booked + 1
    WHERE NEW.status <> 'cancelled'
      AND office_id = NEW.office_id AND service = NEW.service AND start = NEW.start;
  INSERT INTO hold (id, office_id, service, start, expires_at, created_at, waitlist)
    SELECT 'offer:' || w.reference, s.office_id, s.service, s.start,
           min(NEW.changed_at + w.offer_seconds, s.start), NEW.changed_at, w.reference
    FROM slot AS s
    JOIN waitlist AS w ON w.office_id = s.office_id AND w.service = s.service AND w.status = 'waiting'
                      AND w.from_at <= s.start AND s.start < w.to_at
    WHERE s.office_id = OLD.office_id AND s.service = OLD.service AND s.start = OLD.start
      AND s.start > NEW.changed_at
      AND s.capacity > s.booked + (
        SELECT count(*) FROM hold AS h
        WHERE h.office_id = s.office_id AND h.service = s.service AND h.start = s.start
          AND h.expires_at > NEW.changed_at)
    ORDER BY w.id LIMIT 1;
END;

CREATE TRIGGER IF NOT EXISTS appointment_is_moved
AFTER UPDATE OF office_id, start ON appointment WHEN NEW.office_id <> OLD.office_id OR NEW.start <> OLD.start BEGIN
  UPDATE party SET ends_at = NEW.end_at WHERE reference = NEW.reference;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, 'appointment.rescheduled', NEW.reference,
            json_object('from_office_id', OLD.office_id, 'from', OLD.start,
                        'office_id', NEW.office_id, 'start', NEW.start));
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.changed_at, 'marriage.appointment.rescheduled', NEW.reference,
            json_object('office_id', NEW.office_id, 'service', NEW.service, 'start', NEW.start));
END;

CREATE TRIGGER IF NOT EXISTS appointment_changes_status
AFTER UPDATE OF status ON appointment WHEN NEW.status <> OLD.status BEGIN
  UPDATE party SET
    active = NEW.status IN ('confirmed', 'checked_in'),
    no_show_at = CASE NEW.status WHEN 'no_show' THEN NEW.start END,
    completed_at = CASE NEW.status WHEN 'completed' THEN NEW.changed_at END
  WHERE reference = NEW.reference;
  INSERT INTO audit (at, actor, action, subject)
    VALUES (NEW.changed_at, NEW.changed_by, 'appointment.' || NEW.status, NEW.reference);
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.changed_at, 'marriage.appointment.' || NEW.status, NEW.reference,
            json_object('office_id', NEW.office_id, 'service', NEW.service, 'start', NEW.start));
END;
