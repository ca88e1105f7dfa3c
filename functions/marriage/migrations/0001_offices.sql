CREATE TABLE IF NOT EXISTS office (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  division_code TEXT NOT NULL,
  address TEXT NOT NULL,
  phone TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  services TEXT NOT NULL CHECK (json_valid(services)),
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  timetable TEXT CHECK (timetable IS NULL OR json_valid(timetable)),
  schedule_version INTEGER NOT NULL DEFAULT 0,
  -- The last day, YYYY-MM-DD, for which slots were made.
  slots_until TEXT NOT NULL DEFAULT '',
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

-- An office as every answer shows it.
CREATE VIEW IF NOT EXISTS office_card AS
  SELECT id, json_object('id', id, 'name', name, 'division_code', division_code, 'address', address, 'phone', phone,
                         'lat', lat, 'lon', lon, 'services', json(services), 'sample', sample) AS card
  FROM office;

CREATE TRIGGER IF NOT EXISTS office_is_added AFTER INSERT ON office BEGIN
  INSERT INTO read_model (name, version) VALUES ('offices', 1) ON CONFLICT (name) DO UPDATE SET version = version + 1;
  INSERT INTO audit (at, actor, action, subject) VALUES (NEW.changed_at, NEW.changed_by, 'office.added', NEW.id);
END;

CREATE TRIGGER IF NOT EXISTS office_is_changed
AFTER UPDATE OF name, division_code, address, phone, lat, lon, services, sample ON office BEGIN
  INSERT INTO read_model (name, version) VALUES ('offices', 1) ON CONFLICT (name) DO UPDATE SET version = version + 1;
  INSERT INTO audit (at, actor, action, subject) VALUES (NEW.changed_at, NEW.changed_by, 'office.changed', NEW.id);
END;

-- One bookable time of one service at one office. Instants are Unix seconds.
CREATE TABLE IF NOT EXISTS slot (
  office_id TEXT NOT NULL REFERENCES office (id),
  service TEXT NOT NULL,
  start INTEGER NOT NULL,
  end_at INTEGER NOT NULL CHECK (end_at > start),
  release_at INTEGER NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity >= 0),
  -- How many appointments have it; kept by the triggers on appointment.
  booked INTEGER NOT NULL DEFAULT 0 CHECK (booked >= 0),
  PRIMARY KEY (office_id, service, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slot_with_seats ON slot (service, start, office_id) WHERE booked < capacity;

-- The last line of defence behind the guards of the statements: no way of writing oversells a slot.
CREATE TRIGGER IF NOT EXISTS slot_is_not_oversold
BEFORE UPDATE OF booked ON slot WHEN NEW.booked > OLD.booked AND NEW.booked > OLD.capacity BEGIN
  SELECT RAISE(ABORT, 'slot is full');
END;

-- Days that differ from the timetable: closed, or other hours and capacity.
CREATE TABLE IF NOT EXISTS schedule_exception (
  office_id TEXT NOT NULL REFERENCES office (id),
  day TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (office_id, day)
) STRICT, WITHOUT ROWID;

-- Every change of an office's schedule is one row inserted here; its trigger makes the slots. `version` counts per
-- office, so that of two changes made from the same reading one is refused.
CREATE TABLE IF NOT EXISTS schedule_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  office_id TEXT NOT NULL REFERENCES office (id),
  version INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('timetable', 'exception', 'exception_removed', 'extension')),
  day TEXT,
  body TEXT CHECK (body IS NULL OR json_valid(body)),
  -- Slots in [from_at, until_at) that are not among `slots` lose their seats.
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  slots_until TEXT NOT NULL,
  -- [[service, start, end_at, release_at, capacity], …]; emptied once it is applied.
  slots TEXT NOT NULL CHECK (json_valid(slots)),
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  UNIQUE (office_id, version)
) STRICT;

CREATE TRIGGER IF NOT EXISTS schedule_change_is_applied AFTER INSERT ON schedule_change BEGIN
  UPDATE office SET
    schedule_version = NEW.version,
    timetable = CASE NEW.kind WHEN 'timetable' THEN NEW.body ELSE timetable END,
    slots_until = NEW.slots_until
  WHERE id = NEW.office_id;
  INSERT INTO schedule_exception (office_id, day, body)
    SELECT NEW.office_id, NEW.day, NEW.body WHERE NEW.kind = 'exception'
    ON CONFLICT (office_id, day) DO UPDATE SET body = excluded.body;
  DELETE FROM schedule_exception
    WHERE NEW.kind = 'exception_removed' AND office_id = NEW.office_id AND day = NEW.day;
  UPDATE slot SET capacity = 0
    WHERE office_id = NEW.office_id AND start >= NEW.from_at AND start < NEW.until_at;
  INSERT INTO slot (office_id, service, start, end_at, release_at, capacity)
    SELECT NEW.office_id, s.value ->> 0, s.value ->> 1, s.value ->> 2, s.value ->> 3, s.value ->> 4
    FROM json_each(NEW.slots) AS s WHERE true
    ON CONFLICT (office_id, service, start) DO UPDATE SET
      end_at = excluded.end_at, release_at = excluded.release_at, capacity = excluded.capacity;
  INSERT INTO audit (at, actor, action, subject, detail)
    SELECT NEW.changed_at, NEW.changed_by, 'schedule.' || NEW.kind, NEW.office_id,
           json_object('version', NEW.version, 'day', NEW.day, 'body', json(NEW.body))
    WHERE NEW.kind <> 'extension';
  UPDATE schedule_change SET slots = '[]' WHERE id = NEW.id;
END;
