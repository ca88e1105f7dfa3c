-- Organisations, what they offer, and when. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS organisation (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  division_code TEXT NOT NULL,
  phone TEXT NOT NULL,
  about TEXT NOT NULL,
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  -- What was done last, when and by whom; the audit log has these of every change.
  change TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS organisation_is_added AFTER INSERT ON organisation BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.id, json_object('name', NEW.name));
END;

CREATE TRIGGER IF NOT EXISTS organisation_is_changed AFTER UPDATE ON organisation BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.id,
            json_object('before', json_array(OLD.name, OLD.division_code, OLD.phone, OLD.about),
                        'after', json_array(NEW.name, NEW.division_code, NEW.phone, NEW.about)));
  -- Its name stands in the copies of what it offers.
  UPDATE cell SET version = (SELECT coalesce(max(version), 0) + 1 FROM cell)
    WHERE id IN (SELECT cell FROM opportunity WHERE organisation = NEW.id AND status = 'published')
      AND OLD.name <> NEW.name;
END;

CREATE TABLE IF NOT EXISTS opportunity (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'closed')),
  division_code TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  -- The geohash, six characters, of the place.
  cell TEXT NOT NULL CHECK (length(cell) = 6),
  -- What the organisation says of it, as the domain's `Detail`.
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  -- When its last shift ends.
  ends_at INTEGER,
  created_at INTEGER NOT NULL,
  change TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS opportunity_cell ON opportunity (cell, id) WHERE status = 'published';
CREATE INDEX IF NOT EXISTS opportunity_organisation ON opportunity (organisation, no);
CREATE INDEX IF NOT EXISTS opportunity_end ON opportunity (ends_at) WHERE status = 'published';

CREATE TABLE IF NOT EXISTS shift (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  opportunity TEXT NOT NULL REFERENCES opportunity (id),
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL CHECK (ends_at > starts_at),
  capacity INTEGER NOT NULL CHECK (capacity > 0),
  waitlist_capacity INTEGER NOT NULL CHECK (waitlist_capacity >= 0),
  -- Stored, and guarded: no statement can give away more places than there are.
  confirmed INTEGER NOT NULL DEFAULT 0,
  waitlisted INTEGER NOT NULL DEFAULT 0,
  cancelled_at INTEGER,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  CHECK (confirmed BETWEEN 0 AND capacity),
  CHECK (waitlisted BETWEEN 0 AND waitlist_capacity)
) STRICT;
CREATE INDEX IF NOT EXISTS shift_opportunity ON shift (opportunity, starts_at);

-- An opportunity as every answer shows it, with its shifts.
CREATE VIEW IF NOT EXISTS opportunity_card AS
  SELECT o.no, o.id, o.organisation, o.status, o.cell, o.ends_at,
         json_object('no', o.no, 'id', o.id, 'organisation', o.organisation, 'organisation_name', g.name,
                     'organisation_division', g.division_code, 'status', o.status, 'division_code', o.division_code,
                     'lat', o.lat, 'lon', o.lon, 'cell', o.cell, 'detail', json(o.detail), 'sample', o.sample,
                     'changed_at', o.changed_at,
                     'shifts', json((
                       SELECT json_group_array(json_object(
                                'id', h.id, 'starts_at', h.starts_at, 'ends_at', h.ends_at, 'capacity', h.capacity,
                                'confirmed', h.confirmed, 'waitlisted', h.waitlisted,
                                'waitlist_capacity', h.waitlist_capacity,
                                'is_cancelled', json(iif(h.cancelled_at IS NULL, 'false', 'true'))))
                       FROM (SELECT * FROM shift WHERE opportunity = o.id ORDER BY starts_at, no) AS h))) AS card
  FROM opportunity AS o JOIN organisation AS g ON g.id = o.organisation;

CREATE TRIGGER IF NOT EXISTS opportunity_is_drafted AFTER INSERT ON opportunity BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.id, json_object('organisation', NEW.organisation));
END;

CREATE TRIGGER IF NOT EXISTS opportunity_is_changed AFTER UPDATE OF changed_at ON opportunity BEGIN
  INSERT INTO cell (id, version, points)
    SELECT NEW.cell, (SELECT coalesce(max(version), 0) + 1 FROM cell), 1
    WHERE NEW.status = 'published' AND OLD.status <> 'published'
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, points = points + 1;
  UPDATE cell SET version = (SELECT coalesce(max(version), 0) + 1 FROM cell), points = points - 1
    WHERE id = OLD.cell AND OLD.status = 'published' AND NEW.status <> 'published';
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.id,
            iif(OLD.detail = NEW.detail, '{}', json_object('before', json(OLD.detail), 'after', json(NEW.detail))));
  INSERT INTO outbox (at, type, subject, data)
    SELECT NEW.changed_at, 'volunteer.opportunity.' || NEW.status, NEW.id,
           json_object('opportunity', NEW.id, 'organisation', NEW.organisation, 'status', NEW.status)
    WHERE NEW.status <> OLD.status;
END;

CREATE TRIGGER IF NOT EXISTS shift_is_added AFTER INSERT ON shift BEGIN
  UPDATE opportunity SET ends_at = max(coalesce(ends_at, 0), NEW.ends_at) WHERE id = NEW.opportunity;
  UPDATE cell SET version = (SELECT coalesce(max(version), 0) + 1 FROM cell)
    WHERE id = (SELECT cell FROM opportunity WHERE id = NEW.opportunity AND status = 'published');
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, 'shift.added', NEW.id,
            json_object('opportunity', NEW.opportunity, 'starts_at', NEW.starts_at, 'ends_at', NEW.ends_at,
                        'capacity', NEW.capacity));
END;

-- The copies of its cell are out of date.
CREATE TRIGGER IF NOT EXISTS shift_is_changed AFTER UPDATE ON shift BEGIN
  UPDATE cell SET version = (SELECT coalesce(max(version), 0) + 1 FROM cell)
    WHERE id = (SELECT cell FROM opportunity WHERE id = NEW.opportunity AND status = 'published');
END;
