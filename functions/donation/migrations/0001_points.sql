-- Points, and what searches read of them. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS point (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  operator TEXT NOT NULL,
  division_code TEXT NOT NULL,
  address TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  phone TEXT NOT NULL,
  hours TEXT NOT NULL CHECK (json_valid(hours)),
  -- [{"item", "state", "until"}, …]
  items TEXT NOT NULL CHECK (json_valid(items)),
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  -- The geohash, six characters, of the place.
  cell TEXT NOT NULL CHECK (length(cell) = 6),
  -- What free text is matched with.
  words TEXT NOT NULL,
  removed_at INTEGER,
  -- When somebody last said that all of this holds.
  confirmed_at INTEGER NOT NULL,
  -- What was done last, when and by whom; the audit log has these of every change.
  change TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS point_cell ON point (cell, id) WHERE removed_at IS NULL;
CREATE INDEX IF NOT EXISTS point_division ON point (division_code, id) WHERE removed_at IS NULL;
CREATE INDEX IF NOT EXISTS point_urgent ON point (id) WHERE removed_at IS NULL AND instr(items, '"urgent"') > 0;

CREATE VIRTUAL TABLE IF NOT EXISTS point_text
  USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');

-- A point as every answer shows it.
CREATE VIEW IF NOT EXISTS point_card AS
  SELECT no, cell, removed_at,
         json_object('id', id, 'name', name, 'operator', operator, 'division_code', division_code, 'address', address,
                     'lat', lat, 'lon', lon, 'phone', phone, 'hours', json(hours), 'items', json(items),
                     'sample', sample, 'confirmed_at', confirmed_at, 'cell', cell, 'removed_at', removed_at) AS card
  FROM point;

CREATE TRIGGER IF NOT EXISTS point_is_added AFTER INSERT ON point BEGIN
  INSERT INTO cell (id, version, points)
    VALUES (NEW.cell, (SELECT coalesce(max(version), 0) + 1 FROM cell), NEW.removed_at IS NULL)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, points = points + excluded.points;
  INSERT INTO point_text (rowid, words) VALUES (NEW.no, NEW.words);
  INSERT INTO audit (at, actor, action, subject) VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.id);
END;

CREATE TRIGGER IF NOT EXISTS point_is_changed AFTER UPDATE ON point BEGIN
  UPDATE cell SET version = (SELECT coalesce(max(version), 0) + 1 FROM cell), points = points - (OLD.removed_at IS NULL)
    WHERE id = OLD.cell;
  INSERT INTO cell (id, version, points)
    VALUES (NEW.cell, (SELECT coalesce(max(version), 0) + 1 FROM cell), NEW.removed_at IS NULL)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, points = points + excluded.points;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.id,
            CASE NEW.items WHEN OLD.items THEN '{}' ELSE json_object('items', json(NEW.items)) END);
END;

CREATE TRIGGER IF NOT EXISTS point_words_are_changed AFTER UPDATE OF words ON point WHEN OLD.words <> NEW.words BEGIN
  DELETE FROM point_text WHERE rowid = OLD.no;
  INSERT INTO point_text (rowid, words) VALUES (NEW.no, NEW.words);
END;

-- The rows of a file on their way in, some hundred a part, so that no instance holds a large file twice. Nobody reads
-- them but the statement that takes the file in; those of an import that was broken off go with a later one.
CREATE TABLE IF NOT EXISTS point_import_part (
  import TEXT NOT NULL,
  no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  rows TEXT NOT NULL CHECK (json_valid(rows)),
  UNIQUE (import, no)
) STRICT;

-- One file of points, taken in whole: its trigger writes them.
CREATE TABLE IF NOT EXISTS point_import (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS point_import_is_applied AFTER INSERT ON point_import BEGIN
  INSERT INTO point (id, name, operator, division_code, address, lat, lon, phone, hours, items, sample, cell, words,
                     removed_at, confirmed_at, change, changed_at, changed_by)
    SELECT r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5, r.value ->> 6, r.value ->> 7,
           r.value ->> 8, coalesce(r.value ->> 9, (SELECT items FROM point WHERE id = r.value ->> 0), '[]'), r.value ->> 10,
           r.value ->> 11, r.value ->> 12, NULL, NEW.at, 'point.imported', NEW.at, NEW.by
    FROM point_import_part AS p, json_each(p.rows) AS r WHERE p.import = NEW.id
    ON CONFLICT (id) DO UPDATE SET
      name = excluded.name, operator = excluded.operator, division_code = excluded.division_code,
      address = excluded.address, lat = excluded.lat, lon = excluded.lon, phone = excluded.phone,
      hours = excluded.hours, items = excluded.items, sample = excluded.sample, cell = excluded.cell,
      words = excluded.words, removed_at = NULL, confirmed_at = excluded.confirmed_at,
      change = iif(point.removed_at IS NULL, excluded.change, 'point.restored'),
      changed_at = excluded.changed_at, changed_by = excluded.changed_by;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.at, NEW.by, 'points.imported', NEW.id, json_object('created', NEW.created, 'updated', NEW.updated));
  DELETE FROM point_import_part WHERE import = NEW.id OR at < NEW.at - 86400;
END;

-- Citizens' corrections. `caller` is a keyed hash of the address they came from, for the limit per caller only.
CREATE TABLE IF NOT EXISTS report (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  point_id TEXT NOT NULL REFERENCES point (id),
  kind TEXT NOT NULL CHECK (kind IN ('closed', 'moved', 'wrong_hours', 'other')),
  note BLOB,
  caller TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  outcome TEXT CHECK (outcome IN ('corrected', 'unfounded')),
  answer TEXT,
  settled_at INTEGER,
  settled_by TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS report_caller ON report (caller, created_at);
CREATE INDEX IF NOT EXISTS report_open ON report (no) WHERE outcome IS NULL;

CREATE TRIGGER IF NOT EXISTS report_is_made AFTER INSERT ON report BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.created_at, 'citizen', 'report.made', NEW.id, json_object('point', NEW.point_id, 'kind', NEW.kind));
END;

-- Whoever finds a report unfounded has looked at the point: that confirms it.
CREATE TRIGGER IF NOT EXISTS report_is_settled AFTER UPDATE OF outcome ON report BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.settled_at, NEW.settled_by, 'report.settled', NEW.id, json_object('outcome', NEW.outcome));
  UPDATE point SET confirmed_at = NEW.settled_at, change = 'point.confirmed', changed_at = NEW.settled_at,
                   changed_by = NEW.settled_by
    WHERE id = NEW.point_id AND NEW.outcome = 'unfounded' AND removed_at IS NULL;
END;
