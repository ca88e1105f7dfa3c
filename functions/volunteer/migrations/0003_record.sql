-- Hours of service: who was there, from when to when, and what became of it. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS record (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  -- One entry for each sign-up.
  signup TEXT NOT NULL UNIQUE REFERENCES signup (id),
  shift TEXT NOT NULL REFERENCES shift (id),
  volunteer INTEGER NOT NULL REFERENCES volunteer (no),
  opportunity TEXT NOT NULL REFERENCES opportunity (id),
  organisation TEXT NOT NULL,
  field TEXT NOT NULL,
  division_code TEXT NOT NULL,
  -- The shift's.
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('checked_in', 'recorded', 'confirmed', 'disputed')),
  checked_in_at INTEGER,
  checked_out_at INTEGER,
  -- Minutes that were recorded last, and those that count.
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  counted INTEGER NOT NULL CHECK (counted >= 0),
  -- The last step written; a step names the one that it was decided after.
  step INTEGER NOT NULL DEFAULT 1,
  -- The first step's.
  kind TEXT NOT NULL CHECK (kind IN ('checked_in', 'added')),
  reason TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
-- A shift counts once for a volunteer.
CREATE UNIQUE INDEX IF NOT EXISTS record_once ON record (shift, volunteer);
CREATE INDEX IF NOT EXISTS record_volunteer ON record (volunteer, no);
CREATE INDEX IF NOT EXISTS record_organisation ON record (organisation, status, no);
CREATE INDEX IF NOT EXISTS record_time ON record (starts_at) WHERE counted > 0;

-- What happened to an entry: who did what and when. Append-only, but for what a volunteer wrote, which goes with them.
CREATE TABLE IF NOT EXISTS record_step (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL REFERENCES record (id),
  -- 1, 2, 3 … within the entry: of two steps decided after the same one, one is refused.
  step INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('checked_in', 'added', 'checked_out', 'confirmed', 'corrected', 'disputed')),
  -- The status that it leaves behind.
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  counted INTEGER NOT NULL CHECK (counted >= 0),
  checked_out_at INTEGER,
  -- A word that says why.
  reason TEXT,
  -- Of a dispute: how many minutes it was, as the volunteer says, and in their own words, sealed, in base64url.
  claimed INTEGER CHECK (claimed >= 0),
  note TEXT,
  UNIQUE (record, step),
  CHECK ((kind = 'disputed') OR (claimed IS NULL AND note IS NULL)),
  CHECK (kind NOT IN ('confirmed', 'corrected', 'added') OR (status = 'confirmed' AND counted = minutes)),
  CHECK (kind NOT IN ('corrected', 'added', 'disputed') OR reason IS NOT NULL)
) STRICT;

CREATE TRIGGER IF NOT EXISTS record_step_is_append_only BEFORE UPDATE ON record_step
  WHEN NEW.note IS NOT NULL OR (OLD.id, OLD.record, OLD.step, OLD.kind, OLD.status, OLD.at, OLD.by, OLD.minutes, OLD.counted,
                                OLD.checked_out_at, OLD.reason, OLD.claimed)
    IS NOT (NEW.id, NEW.record, NEW.step, NEW.kind, NEW.status, NEW.at, NEW.by, NEW.minutes, NEW.counted,
            NEW.checked_out_at, NEW.reason, NEW.claimed) BEGIN
  SELECT RAISE(ABORT, 'the record is append-only');
END;

CREATE TRIGGER IF NOT EXISTS record_step_is_kept BEFORE DELETE ON record_step BEGIN
  SELECT RAISE(ABORT, 'the record is append-only');
END;

CREATE TRIGGER IF NOT EXISTS record_begins AFTER INSERT ON record BEGIN
  INSERT INTO record_step (id, record, step, kind, status, at, by, minutes, counted, reason)
    VALUES (NEW.id || '-1', NEW.id, 1, NEW.kind, NEW.status, NEW.created_at, NEW.created_by, NEW.minutes, NEW.counted,
            NEW.reason);
END;

CREATE TRIGGER IF NOT EXISTS record_step_is_taken AFTER INSERT ON record_step BEGIN
  -- The first step's minutes are in the entry already, but not in the total.
  UPDATE volunteer SET total_minutes = total_minutes + NEW.counted
      - iif(NEW.step = 1, 0, (SELECT counted FROM record WHERE id = NEW.record))
    WHERE no = (SELECT volunteer FROM record WHERE id = NEW.record);
  UPDATE record SET status = NEW.status, step = NEW.step, minutes = NEW.minutes, counted = NEW.counted,
                    checked_out_at = coalesce(NEW.checked_out_at, checked_out_at), changed_at = NEW.at
    WHERE id = NEW.record;
  INSERT INTO audit (at, actor, action, subject, detail)
    SELECT NEW.at, NEW.by, 'record.' || NEW.kind, NEW.record,
           json_object('volunteer_no', v.volunteer_no, 'shift', r.shift, 'minutes', NEW.minutes, 'counted', NEW.counted,
                       'reason', NEW.reason, 'claimed', NEW.claimed)
    FROM record AS r JOIN volunteer AS v ON v.no = r.volunteer WHERE r.id = NEW.record;
  INSERT INTO outbox (at, type, subject, data)
    SELECT NEW.at, 'volunteer.record.' || NEW.kind, NEW.record,
           json_object('entry', NEW.record, 'shift', r.shift, 'volunteer_no', v.volunteer_no, 'status', NEW.status,
                       'minutes', NEW.minutes, 'counted', NEW.counted)
    FROM record AS r JOIN volunteer AS v ON v.no = r.volunteer WHERE r.id = NEW.record;
END;

CREATE TRIGGER IF NOT EXISTS volunteer_takes_words_along AFTER UPDATE OF status ON volunteer
  WHEN NEW.status = 'withdrawn' BEGIN
  UPDATE record_step SET note = NULL
    WHERE note IS NOT NULL AND record IN (SELECT id FROM record WHERE volunteer = NEW.no);
END;

-- An entry with what happened to it.
CREATE VIEW IF NOT EXISTS record_card AS
  SELECT r.no, r.id, r.shift, r.volunteer, v.volunteer_no, v.status AS volunteer_status, r.opportunity, r.organisation,
         g.name AS organisation_name, g.division_code AS organisation_division, o.detail ->> '$.title' AS title, r.field,
         r.division_code, r.starts_at, r.ends_at, r.status, r.checked_in_at, r.checked_out_at, r.minutes, r.counted, r.step,
         r.changed_at, r.reason, s.status AS signup_status,
    (SELECT json_group_array(json_object('id', s.id, 'kind', s.kind, 'at', s.at, 'by', s.by, 'minutes', s.minutes,
                                         'counted', s.counted, 'reason', s.reason, 'claimed', s.claimed,
                                         'note', s.note))
     FROM (SELECT * FROM record_step WHERE record = r.id ORDER BY step) AS s) AS steps
  FROM record AS r
  JOIN volunteer AS v ON v.no = r.volunteer
  JOIN opportunity AS o ON o.id = r.opportunity
  JOIN organisation AS g ON g.id = r.organisation
  JOIN signup AS s ON s.id = r.signup;
