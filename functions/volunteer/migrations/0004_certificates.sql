-- Certificates of service: fixed when they are issued. Instants are Unix seconds.

CREATE TABLE IF NOT EXISTS certificate (
  -- Its official number goes by this.
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL UNIQUE,
  volunteer INTEGER NOT NULL REFERENCES volunteer (no),
  volunteer_no TEXT NOT NULL,
  -- The holder's name, sealed; NULL once the registration was withdrawn.
  name BLOB,
  -- The days that it is about, in Shanghai.
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  -- [{"organisation", "organisation_name", "opportunity", "title", "field", "first_at", "last_at", "times", "minutes"}, …]
  entries TEXT NOT NULL CHECK (json_valid(entries)),
  total_minutes INTEGER NOT NULL CHECK (total_minutes > 0),
  -- Whether something in it is made up.
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  issued_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoked_by TEXT,
  -- A word that says why.
  revoked_reason TEXT,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason IS NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS certificate_volunteer ON certificate (volunteer, no);

CREATE TRIGGER IF NOT EXISTS certificate_is_issued AFTER INSERT ON certificate BEGIN
  -- The code is what opens it: the log has the number.
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.issued_at, 'citizen', 'certificate.issued', 'certificate-' || NEW.no,
            json_object('volunteer_no', NEW.volunteer_no, 'total_minutes', NEW.total_minutes));
END;

CREATE TRIGGER IF NOT EXISTS certificate_is_fixed
  BEFORE UPDATE OF no, code, volunteer, volunteer_no, from_day, to_day, entries, total_minutes, sample, issued_at
  ON certificate BEGIN
  SELECT RAISE(ABORT, 'a certificate says what it said when it was issued');
END;

CREATE TRIGGER IF NOT EXISTS certificate_is_kept BEFORE DELETE ON certificate BEGIN
  SELECT RAISE(ABORT, 'a certificate is kept');
END;

CREATE TRIGGER IF NOT EXISTS certificate_is_revoked AFTER UPDATE OF revoked_at ON certificate BEGIN
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.revoked_at, NEW.revoked_by, 'certificate.revoked', 'certificate-' || NEW.no,
            json_object('volunteer_no', NEW.volunteer_no, 'reason', NEW.revoked_reason));
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.revoked_at, 'volunteer.certificate.revoked', 'certificate-' || NEW.no,
            json_object('certificate', NEW.no, 'volunteer_no', NEW.volunteer_no, 'reason', NEW.revoked_reason));
END;

CREATE TRIGGER IF NOT EXISTS volunteer_takes_name_along AFTER UPDATE OF status ON volunteer
  WHEN NEW.status = 'withdrawn' BEGIN
  UPDATE certificate SET name = NULL WHERE volunteer = NEW.no AND name IS NOT NULL;
END;
