-- A caller's hash serves the limit of reports, whose window is an hour: a day later it is let go.
CREATE INDEX IF NOT EXISTS report_with_caller ON report (created_at) WHERE caller <> '';

CREATE TRIGGER IF NOT EXISTS report_caller_is_let_go AFTER INSERT ON report BEGIN
  UPDATE report SET caller = '' WHERE caller <> '' AND created_at < NEW.created_at - 86400;
END;
