-- Who volunteers, and for which shifts. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS volunteer (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  volunteer_no TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn')),
  -- NULL once the registration was withdrawn: the hash of the token, a keyed hash of the identity number, and what names the
  -- volunteer and the guardian, sealed.
  token_hash TEXT UNIQUE,
  person TEXT,
  secret BLOB,
  -- Once the registration was withdrawn: only the district.
  division_code TEXT NOT NULL,
  skills TEXT NOT NULL CHECK (json_valid(skills)),
  availability TEXT NOT NULL CHECK (json_valid(availability)),
  -- [{"training", "completed_on"}, …]
  trainings TEXT NOT NULL CHECK (json_valid(trainings)),
  -- Minutes that count, of all entries of the record.
  total_minutes INTEGER NOT NULL DEFAULT 0 CHECK (total_minutes >= 0),
  -- Another one with each change: a sign-up names the one that it was judged by.
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  change TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  CHECK ((status = 'active') = (person IS NOT NULL AND secret IS NOT NULL AND token_hash IS NOT NULL)),
  CHECK (status = 'active' OR (person IS NULL AND secret IS NULL AND token_hash IS NULL))
) STRICT;
-- A person registers once.
CREATE UNIQUE INDEX IF NOT EXISTS volunteer_person ON volunteer (person) WHERE status = 'active';

CREATE TABLE IF NOT EXISTS signup (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  shift TEXT NOT NULL REFERENCES shift (id),
  volunteer INTEGER NOT NULL REFERENCES volunteer (no),
  status TEXT NOT NULL CHECK (status IN ('confirmed', 'waitlisted', 'withdrawn', 'cancelled')),
  -- The shift's.
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS signup_once ON signup (shift, volunteer) WHERE status IN ('confirmed', 'waitlisted');
CREATE INDEX IF NOT EXISTS signup_volunteer ON signup (volunteer, starts_at);
CREATE INDEX IF NOT EXISTS signup_waitlist ON signup (shift, no) WHERE status = 'waitlisted';
CREATE INDEX IF NOT EXISTS signup_shift ON signup (shift, no);

CREATE TRIGGER IF NOT EXISTS volunteer_is_registered AFTER INSERT ON volunteer BEGIN
  INSERT INTO audit (at, actor, action, subject)
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.volunteer_no);
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.changed_at, 'volunteer.volunteer.registered', NEW.volunteer_no,
            json_object('volunteer_no', NEW.volunteer_no));
END;

CREATE TRIGGER IF NOT EXISTS volunteer_is_changed AFTER UPDATE OF version ON volunteer BEGIN
  -- Shifts that are still to come; who waits for one gets the place.
  UPDATE signup SET status = 'withdrawn', changed_at = NEW.changed_at, changed_by = NEW.changed_by
    WHERE volunteer = NEW.no AND status IN ('confirmed', 'waitlisted') AND starts_at > NEW.changed_at
      AND NEW.status = 'withdrawn' AND OLD.status = 'active';
  INSERT INTO audit (at, actor, action, subject, detail)
    -- Not what changed: the log is kept for ever, and the volunteer may want to be forgotten.
    VALUES (NEW.changed_at, NEW.changed_by, NEW.change, NEW.volunteer_no, '{}');
  INSERT INTO outbox (at, type, subject, data)
    SELECT NEW.changed_at, 'volunteer.volunteer.withdrawn', NEW.volunteer_no,
           json_object('volunteer_no', NEW.volunteer_no)
    WHERE NEW.status = 'withdrawn' AND OLD.status = 'active';
END;

CREATE TRIGGER IF NOT EXISTS signup_is_made AFTER INSERT ON signup BEGIN
  UPDATE shift SET confirmed = confirmed + (NEW.status = 'confirmed'), waitlisted = waitlisted + (NEW.status = 'waitlisted')
    WHERE id = NEW.shift;
  INSERT INTO audit (at, actor, action, subject, detail)
    SELECT NEW.changed_at, NEW.changed_by, 'signup.' || NEW.status, NEW.shift,
           json_object('volunteer_no', v.volunteer_no, 'signup', NEW.id)
    FROM volunteer AS v WHERE v.no = NEW.volunteer;
  INSERT INTO outbox (at, type, subject, data)
    SELECT NEW.changed_at, 'volunteer.signup.' || NEW.status, NEW.id,
           json_object('signup', NEW.id, 'shift', NEW.shift, 'volunteer_no', v.volunteer_no, 'status', NEW.status)
    FROM volunteer AS v WHERE v.no = NEW.volunteer;
END;

CREATE TRIGGER IF NOT EXISTS signup_ends AFTER UPDATE OF status ON signup
  WHEN OLD.status IN ('confirmed', 'waitlisted') AND NEW.status IN ('withdrawn', 'cancelled') BEGIN
  UPDATE shift SET confirmed = confirmed - (OLD.status = 'confirmed'), waitlisted = waitlisted - (OLD.status = 'waitlisted')
    WHERE id = NEW.shift;
  INSERT INTO audit (at, actor, action, subject, detail)
    SELECT NEW.changed_at, NEW.changed_by, 'signup.' || NEW.status, NEW.shift,
           json_object('volunteer_no', v.volunteer_no, 'signup', NEW.id)
    FROM volunteer AS v WHERE v.no = NEW.volunteer;
  INSERT INTO outbox (at, type, subject, data)
    SELECT NEW.changed_at, 'volunteer.signup.' || NEW.status, NEW.id,
           json_object('signup', NEW.id, 'shift', NEW.shift, 'volunteer_no', v.volunteer_no, 'status', NEW.status)
    FROM volunteer AS v WHERE v.no = NEW.volunteer;
  -- Whoever waits longest has the place that became free, while the shift is still to come.
  UPDATE signup SET status = 'confirmed', changed_at = NEW.changed_at, changed_by = 'system'
    WHERE OLD.status = 'confirmed' AND no = (
      SELECT w.no FROM signup AS w JOIN shift AS h ON h.id = w.shift
      WHERE w.shift = NEW.shift AND w.status = 'waitlisted' AND h.cancelled_at IS NULL AND h.starts_at > NEW.changed_at
      ORDER BY w.no LIMIT 1);
END;

CREATE TRIGGER IF NOT EXISTS signup_moves_up AFTER UPDATE OF status ON signup
  WHEN OLD.status = 'waitlisted' AND NEW.status = 'confirmed' BEGIN
  UPDATE shift SET confirmed = confirmed + 1, waitlisted = waitlisted - 1 WHERE id = NEW.shift;
  INSERT INTO audit (at, actor, action, subject, detail)
    SELECT NEW.changed_at, NEW.changed_by, 'signup.promoted', NEW.shift,
           json_object('volunteer_no', v.volunteer_no, 'signup', NEW.id)
    FROM volunteer AS v WHERE v.no = NEW.volunteer;
  INSERT INTO outbox (at, type, subject, data)
    SELECT NEW.changed_at, 'volunteer.signup.promoted', NEW.id,
           json_object('signup', NEW.id, 'shift', NEW.shift, 'volunteer_no', v.volunteer_no, 'status', NEW.status)
    FROM volunteer AS v WHERE v.no = NEW.volunteer;
END;

CREATE TRIGGER IF NOT EXISTS shift_is_cancelled AFTER UPDATE OF cancelled_at ON shift BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.changed_at, NEW.changed_by, 'shift.cancelled', NEW.id, json_object('opportunity', NEW.opportunity));
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.changed_at, 'volunteer.shift.cancelled', NEW.id,
            json_object('shift', NEW.id, 'opportunity', NEW.opportunity));
  UPDATE signup SET status = 'cancelled', changed_at = NEW.changed_at, changed_by = NEW.changed_by
    WHERE shift = NEW.id AND status IN ('confirmed', 'waitlisted');
END;

-- A sign-up as its volunteer and its organisation see it.
CREATE VIEW IF NOT EXISTS signup_card AS
  SELECT s.no, s.id, s.shift, s.volunteer, s.status, s.starts_at, s.ends_at, s.created_at, s.changed_at,
         o.id AS opportunity, o.detail ->> '$.title' AS title, o.detail ->> '$.address' AS address,
         o.detail ->> '$.phone' AS phone, o.division_code, o.organisation, g.name AS organisation_name,
         h.cancelled_at IS NOT NULL AS is_cancelled,
         CASE WHEN s.status = 'waitlisted' THEN (
           SELECT count(*) FROM signup AS w WHERE w.shift = s.shift AND w.status = 'waitlisted' AND w.no <= s.no)
         END AS position
  FROM signup AS s
  JOIN shift AS h ON h.id = s.shift
  JOIN opportunity AS o ON o.id = h.opportunity
  JOIN organisation AS g ON g.id = o.organisation;
