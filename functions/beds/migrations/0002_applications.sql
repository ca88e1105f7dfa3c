-- Who waits for a bed, offers, and who got one. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS application (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  reference TEXT NOT NULL UNIQUE,
  token_hash TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'offered', 'accepted', 'admitted', 'withdrawn', 'discharged')),
  -- A keyed hash of the identity number.
  person TEXT NOT NULL,
  division_code TEXT NOT NULL,
  care_level INTEGER NOT NULL CHECK (care_level BETWEEN 0 AND 6),
  -- The day of the assessment, once staff have seen its result.
  assessed_on TEXT,
  -- What the dated rule makes of the care level, and of whether it was assessed: the lower, the earlier in the queue.
  precedence INTEGER NOT NULL,
  -- Name, identity number and phone, sealed.
  applicant BLOB NOT NULL,
  -- [{"institution", "room_type"}, …]
  preferences TEXT NOT NULL CHECK (json_valid(preferences)),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  -- The last step written; a step names the one that it was decided after.
  step INTEGER NOT NULL DEFAULT 0,
  -- The offer that is open, or the bed that it became.
  offer TEXT,
  institution TEXT,
  room_type TEXT,
  expires_at INTEGER
) STRICT;
-- A person waits once, and never holds two beds.
CREATE UNIQUE INDEX IF NOT EXISTS application_person ON application (person)
  WHERE status IN ('waiting', 'offered', 'accepted', 'admitted');
CREATE INDEX IF NOT EXISTS application_offer ON application (expires_at) WHERE status = 'offered';
CREATE INDEX IF NOT EXISTS application_place ON application (institution, status, no) WHERE institution IS NOT NULL;

-- Where somebody waits. The queue of a room goes by rank, then by the order in which people came.
CREATE TABLE IF NOT EXISTS preference (
  reference TEXT NOT NULL REFERENCES application (reference),
  place INTEGER NOT NULL,
  institution TEXT NOT NULL,
  room_type TEXT NOT NULL,
  -- Whether the application is waiting, so that this is a place in the queue.
  queued INTEGER NOT NULL CHECK (queued IN (0, 1)),
  -- The application's.
  no INTEGER NOT NULL,
  care_level INTEGER NOT NULL,
  -- What offers of these rooms that were declined or ran out cost, by the dated rule.
  setback INTEGER NOT NULL DEFAULT 0,
  -- The application's precedence and the setback: the lower, the earlier.
  rank INTEGER NOT NULL,
  PRIMARY KEY (reference, institution, room_type)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS preference_queue ON preference (institution, room_type, rank, no) WHERE queued = 1;
CREATE INDEX IF NOT EXISTS preference_room ON preference (institution, room_type);

-- What happened to an application: who did what and when. Append-only.
CREATE TABLE IF NOT EXISTS application_step (
  id TEXT PRIMARY KEY,
  reference TEXT NOT NULL REFERENCES application (reference),
  -- 1, 2, 3 … within the application: of two steps decided after the same one, one is refused.
  step INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('made', 'offered', 'accepted', 'declined', 'expired', 'withdrawn', 'admitted',
                                     'discharged')),
  -- The status that it leaves behind.
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  -- The offer and its bed.
  offer TEXT,
  institution TEXT,
  room_type TEXT,
  expires_at INTEGER,
  -- What it adds to the counts of the room.
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved BETWEEN -1 AND 1),
  occupied INTEGER NOT NULL DEFAULT 0 CHECK (occupied BETWEEN -1 AND 1),
  -- A word that says why somebody was offered a bed before others.
  reason TEXT,
  -- What it costs in the queue of these rooms.
  setback INTEGER NOT NULL DEFAULT 0 CHECK (setback >= 0),
  UNIQUE (reference, step),
  CHECK ((kind = 'offered') = (reserved = 1)),
  CHECK (kind NOT IN ('declined', 'expired', 'accepted') OR reserved = -1),
  CHECK ((kind = 'accepted') = (occupied = 1)),
  CHECK (kind <> 'discharged' OR occupied = -1),
  CHECK (kind NOT IN ('made', 'admitted') OR (reserved = 0 AND occupied = 0)),
  CHECK ((reserved = 0 AND occupied = 0) OR (institution IS NOT NULL AND room_type IS NOT NULL))
) STRICT;

CREATE TRIGGER IF NOT EXISTS application_step_is_append_only BEFORE UPDATE ON application_step BEGIN
  SELECT RAISE(ABORT, 'the timeline is append-only');
END;

CREATE TRIGGER IF NOT EXISTS application_step_is_kept BEFORE DELETE ON application_step BEGIN
  SELECT RAISE(ABORT, 'the timeline is append-only');
END;

CREATE TRIGGER IF NOT EXISTS application_is_made AFTER INSERT ON application BEGIN
  INSERT INTO preference (reference, place, institution, room_type, queued, no, care_level, rank)
    SELECT NEW.reference, p.key, p.value ->> 'institution', p.value ->> 'room_type', 1, NEW.no, NEW.care_level,
           NEW.precedence
    FROM json_each(NEW.preferences) AS p;
  INSERT INTO application_step (id, reference, step, kind, status, at, by)
    VALUES (NEW.reference || '-1', NEW.reference, 1, 'made', 'waiting', NEW.created_at, NEW.changed_by);
END;

CREATE TRIGGER IF NOT EXISTS application_step_is_taken AFTER INSERT ON application_step BEGIN
  UPDATE application SET
      status = NEW.status, step = NEW.step, changed_at = NEW.at, changed_by = NEW.by,
      offer = CASE WHEN NEW.status = 'waiting' THEN NULL ELSE coalesce(NEW.offer, offer) END,
      institution = CASE WHEN NEW.status = 'waiting' THEN NULL ELSE coalesce(NEW.institution, institution) END,
      room_type = CASE WHEN NEW.status = 'waiting' THEN NULL ELSE coalesce(NEW.room_type, room_type) END,
      expires_at = CASE NEW.kind WHEN 'offered' THEN NEW.expires_at END
    WHERE reference = NEW.reference;
  UPDATE room SET
      reserved = reserved + NEW.reserved, occupied = occupied + NEW.occupied, placed = placed + NEW.occupied,
      available = available - NEW.reserved - NEW.occupied, version = version + 1, updated_at = NEW.at
    WHERE institution = NEW.institution AND room_type = NEW.room_type AND (NEW.reserved <> 0 OR NEW.occupied <> 0);
  UPDATE preference SET
      queued = (NEW.status = 'waiting'),
      setback = setback + iif(institution = NEW.institution AND room_type = NEW.room_type, NEW.setback, 0),
      rank = rank + iif(institution = NEW.institution AND room_type = NEW.room_type, NEW.setback, 0)
    WHERE reference = NEW.reference;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.at, NEW.by, 'application.' || NEW.kind, NEW.reference,
            json_object('offer', NEW.offer, 'institution', NEW.institution, 'room_type', NEW.room_type,
                        'reason', NEW.reason));
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.at, 'beds.application.' || NEW.kind, NEW.reference,
            json_object('reference', NEW.reference, 'status', NEW.status, 'offer', NEW.offer,
                        'institution', NEW.institution, 'room_type', NEW.room_type, 'expires_at', NEW.expires_at));
END;

CREATE TRIGGER IF NOT EXISTS application_is_assessed AFTER UPDATE OF assessed_on ON application BEGIN
  UPDATE preference SET care_level = NEW.care_level, rank = NEW.precedence + setback WHERE reference = NEW.reference;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, 'application.assessed', NEW.reference,
            json_object('before', OLD.care_level, 'after', NEW.care_level, 'assessed_on', NEW.assessed_on));
END;

-- An application with its places in the queues and its timeline.
CREATE VIEW IF NOT EXISTS application_card AS
  SELECT a.no, a.reference, a.token_hash, a.status, a.division_code, a.care_level, a.assessed_on, a.applicant,
         a.created_at, a.step, a.offer, a.institution, a.room_type, a.expires_at,
    (SELECT json_group_array(json_object(
              'institution', p.institution, 'name', i.name, 'division_code', i.division_code, 'room_type', p.room_type,
              'position', CASE WHEN p.queued = 1 THEN 1 + (
                 -- Whom the rooms don't serve is in nobody's way. The signs let the index find the range.
                 SELECT count(*) FROM preference AS q
                 WHERE q.queued = 1 AND q.institution = p.institution AND q.room_type = p.room_type
                   AND (q.rank, q.no) < (+p.rank, +p.no)
                   AND (coalesce(r.care_levels, 127) >> q.care_level) & 1 = 1) END))
     FROM (SELECT * FROM preference WHERE reference = a.reference ORDER BY place) AS p
     JOIN institution AS i ON i.id = p.institution
     LEFT JOIN room AS r ON r.institution = p.institution AND r.room_type = p.room_type) AS positions,
    (SELECT json_group_array(json_object('id', s.id, 'kind', s.kind, 'at', s.at, 'by', s.by, 'offer', s.offer,
                                         'institution', s.institution, 'name', i.name, 'room_type', s.room_type,
                                         'expires_at', s.expires_at))
     FROM (SELECT * FROM application_step WHERE reference = a.reference ORDER BY step) AS s
     LEFT JOIN institution AS i ON i.id = s.institution) AS steps
  FROM application AS a;

-- Whether a room may not go: somebody lies in it, a bed of it is kept for an offer, or somebody waits for it.
CREATE VIEW IF NOT EXISTS room_use AS
  SELECT r.institution, r.room_type,
         (r.occupied + r.reserved > 0
          OR EXISTS (SELECT 1 FROM preference AS p JOIN application AS a USING (reference)
                     WHERE p.institution = r.institution AND p.room_type = r.room_type
                       AND a.status IN ('waiting', 'offered'))) AS is_used
  FROM room AS r;
