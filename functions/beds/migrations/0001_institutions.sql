-- Institutions, their rooms and counts, and the copies that searches read. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS institution (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  operator TEXT NOT NULL,
  division_code TEXT NOT NULL,
  address TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  phone TEXT NOT NULL,
  ownership TEXT NOT NULL CHECK (ownership IN ('public', 'public_built_private_run', 'private')),
  features TEXT NOT NULL CHECK (json_valid(features)),
  -- What was said of its rooms last: [{"room_type", "care_levels", "monthly_fen", "maximum", "occupied"}, …]. The truth
  -- about rooms is the table `room`, which the triggers below keep in step.
  rooms TEXT NOT NULL CHECK (json_valid(rooms)),
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  -- The geohash, six characters, of the place.
  cell TEXT NOT NULL CHECK (length(cell) = 6),
  removed_at INTEGER,
  -- What was done last, when and by whom; the audit log has these of every change.
  change TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS institution_cell ON institution (cell, id) WHERE removed_at IS NULL;
CREATE INDEX IF NOT EXISTS institution_division ON institution (division_code, id) WHERE removed_at IS NULL;

-- The beds of one type of room. `available` is stored, and guarded: no statement can make it anything else.
CREATE TABLE IF NOT EXISTS room (
  institution TEXT NOT NULL REFERENCES institution (id),
  room_type TEXT NOT NULL CHECK (room_type IN ('single', 'double', 'triple', 'multiple')),
  -- Bit n: care level n is served.
  care_levels INTEGER NOT NULL CHECK (care_levels BETWEEN 1 AND 127),
  monthly_fen INTEGER NOT NULL CHECK (monthly_fen >= 0),
  maximum INTEGER NOT NULL CHECK (maximum >= 0),
  occupied INTEGER NOT NULL CHECK (occupied >= 0),
  -- Beds that are kept for open offers.
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  available INTEGER NOT NULL CHECK (available >= 0),
  -- Of the occupied: those of people who got their bed through an application here.
  placed INTEGER NOT NULL DEFAULT 0 CHECK (placed BETWEEN 0 AND occupied),
  -- What `If-Match` names: every change of the counts is a new one. It begins above every version that there was, so that
  -- rooms that come back never have one that somebody saw before.
  version INTEGER NOT NULL,
  -- When the home last said what the counts are, also where they were the same.
  confirmed_at INTEGER NOT NULL,
  confirmed_by TEXT NOT NULL,
  -- When they last changed.
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (institution, room_type),
  CHECK (available = maximum - occupied - reserved)
) STRICT, WITHOUT ROWID;

-- Beds that became free, until the subscriptions were looked through for them.
CREATE TABLE IF NOT EXISTS opening (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  institution TEXT NOT NULL,
  room_type TEXT NOT NULL,
  -- Available before, and when those counts had been confirmed: stale ones counted for nothing.
  before INTEGER NOT NULL,
  confirmed_before INTEGER NOT NULL,
  available INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- Subscriptions up to this number were looked at.
  told INTEGER NOT NULL DEFAULT 0
) STRICT;

-- An institution as every answer shows it.
CREATE VIEW IF NOT EXISTS institution_card AS
  SELECT i.no, i.cell, i.division_code, i.removed_at,
         json_object('id', i.id, 'name', i.name, 'operator', i.operator, 'division_code', i.division_code,
                     'address', i.address, 'lat', i.lat, 'lon', i.lon, 'phone', i.phone, 'ownership', i.ownership,
                     'features', json(i.features), 'sample', i.sample, 'cell', i.cell, 'removed_at', i.removed_at,
                     'rooms', json((
                       SELECT json_group_array(json_object(
                                'room_type', r.room_type, 'care_levels', r.care_levels, 'monthly_fen', r.monthly_fen,
                                'maximum', r.maximum, 'occupied', r.occupied, 'reserved', r.reserved,
                                'available', r.available, 'version', r.version, 'confirmed_at', r.confirmed_at,
                                'updated_at', r.updated_at))
                       FROM room AS r WHERE r.institution = i.id))) AS card
  FROM institution AS i;

CREATE TRIGGER IF NOT EXISTS institution_is_added AFTER INSERT ON institution BEGIN
  INSERT INTO cell (id, version, points)
    VALUES (NEW.cell, (SELECT coalesce(max(version), 0) + 1 FROM cell), NEW.removed_at IS NULL)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, points = points + excluded.points;
  INSERT INTO room (institution, room_type, care_levels, monthly_fen, maximum, occupied, available, version,
                    confirmed_at, confirmed_by, updated_at)
    SELECT NEW.id, r.value ->> 'room_type', r.value ->> 'care_levels', r.value ->> 'monthly_fen', r.value ->> 'maximum',
           r.value ->> 'occupied', (r.value ->> 'maximum') - (r.value ->> 'occupied'),
           (SELECT max(version) + 1 FROM cell), NEW.changed_at, NEW.changed_by, NEW.changed_at
    FROM json_each(NEW.rooms) AS r;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.id, json_object('rooms', json(NEW.rooms)));
END;

CREATE TRIGGER IF NOT EXISTS institution_is_changed AFTER UPDATE ON institution BEGIN
  UPDATE cell SET version = (SELECT coalesce(max(version), 0) + 1 FROM cell), points = points - (OLD.removed_at IS NULL)
    WHERE id = OLD.cell;
  INSERT INTO cell (id, version, points)
    VALUES (NEW.cell, (SELECT coalesce(max(version), 0) + 1 FROM cell), NEW.removed_at IS NULL)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, points = points + excluded.points;
  DELETE FROM room
    WHERE institution = NEW.id
      AND room_type NOT IN (SELECT r.value ->> 'room_type' FROM json_each(NEW.rooms) AS r);
  -- Counts of a room that is known change only where its home says so.
  INSERT INTO room (institution, room_type, care_levels, monthly_fen, maximum, occupied, available, version,
                    confirmed_at, confirmed_by, updated_at)
    SELECT NEW.id, r.value ->> 'room_type', r.value ->> 'care_levels', r.value ->> 'monthly_fen', r.value ->> 'maximum',
           r.value ->> 'occupied', (r.value ->> 'maximum') - (r.value ->> 'occupied'),
           (SELECT max(version) + 1 FROM cell), NEW.changed_at, NEW.changed_by, NEW.changed_at
    FROM json_each(NEW.rooms) AS r WHERE true
    ON CONFLICT (institution, room_type) DO UPDATE SET
      care_levels = excluded.care_levels, monthly_fen = excluded.monthly_fen
    WHERE room.care_levels <> excluded.care_levels OR room.monthly_fen <> excluded.monthly_fen;
  INSERT INTO audit (at, actor, action, subject, detail)
    SELECT NEW.changed_at, NEW.changed_by, NEW.change, NEW.id,
           iif(b.was = b.is_now, '{}', json_object('before', json(b.was), 'after', json(b.is_now)))
    FROM (SELECT json_array(OLD.name, OLD.operator, OLD.division_code, OLD.address, OLD.lat, OLD.lon, OLD.phone,
                            OLD.ownership, json(OLD.features), OLD.sample, (
                   -- Not the counts: those of rooms that are known are not taken from here.
                   SELECT json_group_array(json_array(r.value ->> 'room_type', r.value ->> 'care_levels',
                                                      r.value ->> 'monthly_fen'))
                   FROM json_each(OLD.rooms) AS r)) AS was,
                 json_array(NEW.name, NEW.operator, NEW.division_code, NEW.address, NEW.lat, NEW.lon, NEW.phone,
                            NEW.ownership, json(NEW.features), NEW.sample, (
                   SELECT json_group_array(json_array(r.value ->> 'room_type', r.value ->> 'care_levels',
                                                      r.value ->> 'monthly_fen'))
                   FROM json_each(NEW.rooms) AS r)) AS is_now) AS b;
END;

CREATE TRIGGER IF NOT EXISTS room_is_added AFTER INSERT ON room WHEN NEW.available > 0 BEGIN
  INSERT INTO opening (institution, room_type, before, confirmed_before, available, at)
    VALUES (NEW.institution, NEW.room_type, 0, NEW.confirmed_at, NEW.available, NEW.updated_at);
END;

-- The copies of its cell are out of date.
CREATE TRIGGER IF NOT EXISTS room_is_changed AFTER UPDATE ON room BEGIN
  UPDATE cell SET version = (SELECT coalesce(max(version), 0) + 1 FROM cell)
    WHERE id = (SELECT cell FROM institution WHERE id = NEW.institution);
END;

CREATE TRIGGER IF NOT EXISTS room_opens AFTER UPDATE ON room
  -- Also where counts are confirmed again that may have been stale: that takes a day at least.
  WHEN NEW.available > 0 AND (NEW.available > OLD.available OR NEW.confirmed_at > OLD.confirmed_at + 86400) BEGIN
  INSERT INTO opening (institution, room_type, before, confirmed_before, available, at)
    VALUES (NEW.institution, NEW.room_type, OLD.available, OLD.confirmed_at, NEW.available,
            max(NEW.updated_at, NEW.confirmed_at));
END;

CREATE TRIGGER IF NOT EXISTS room_counts_are_set AFTER UPDATE OF confirmed_at ON room BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.confirmed_at, NEW.confirmed_by,
            CASE WHEN NEW.maximum = OLD.maximum AND NEW.occupied = OLD.occupied THEN 'counts.confirmed'
                 ELSE 'counts.changed' END,
            NEW.institution,
            json_object('room_type', NEW.room_type, 'before', json_array(OLD.maximum, OLD.occupied),
                        'after', json_array(NEW.maximum, NEW.occupied)));
END;

-- The rows of a file on their way in, some hundred a part, so that no instance holds a large file twice. Nobody reads
-- them but the statement that takes the file in; those of an import that was broken off go with a later one.
CREATE TABLE IF NOT EXISTS institution_import_part (
  import TEXT NOT NULL,
  no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  rows TEXT NOT NULL CHECK (json_valid(rows)),
  UNIQUE (import, no)
) STRICT;

-- One file of institutions, taken in whole: its trigger writes them.
CREATE TABLE IF NOT EXISTS institution_import (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  restored INTEGER NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS institution_import_is_applied AFTER INSERT ON institution_import BEGIN
  INSERT INTO institution (id, name, operator, division_code, address, lat, lon, phone, ownership, features, rooms,
                           sample, cell, removed_at, change, changed_at, changed_by)
    SELECT r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5, r.value ->> 6,
           r.value ->> 7, r.value ->> 8, r.value ->> 9, r.value ->> 10, r.value ->> 11, r.value ->> 12, NULL,
           'institution.imported', NEW.at, NEW.by
    FROM institution_import_part AS p, json_each(p.rows) AS r WHERE p.import = NEW.id
    ON CONFLICT (id) DO UPDATE SET
      name = excluded.name, operator = excluded.operator, division_code = excluded.division_code,
      address = excluded.address, lat = excluded.lat, lon = excluded.lon, phone = excluded.phone,
      ownership = excluded.ownership, features = excluded.features, rooms = excluded.rooms, sample = excluded.sample,
      cell = excluded.cell, removed_at = NULL,
      change = iif(institution.removed_at IS NULL, excluded.change, 'institution.restored'),
      changed_at = excluded.changed_at, changed_by = excluded.changed_by;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.at, NEW.by, 'institutions.imported', NEW.id,
            json_object('created', NEW.created, 'updated', NEW.updated, 'restored', NEW.restored));
  DELETE FROM institution_import_part WHERE import = NEW.id OR at < NEW.at - 86400;
END;
