-- Gifts and their way. Instants are Unix seconds; quantities are pieces, of cash fen.

CREATE TABLE IF NOT EXISTS pledge (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  reference TEXT NOT NULL UNIQUE,
  token_hash TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pledged', 'received', 'sorted', 'dispatched', 'delivered', 'cancelled')),
  point_id TEXT NOT NULL REFERENCES point (id),
  -- The point's division on the day of the pledge: the area in which it is counted.
  division_code TEXT NOT NULL,
  -- Name, phone and notes, sealed.
  donor BLOB NOT NULL,
  -- [{"item", "quantity"}, …]
  lines TEXT NOT NULL CHECK (json_valid(lines)),
  receipt TEXT UNIQUE,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  -- The last step written; a step names the one that it was decided after.
  step INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS pledge_point ON pledge (point_id, no);

-- What became of each item. The checks are the last line of defence behind the guards of the statements.
CREATE TABLE IF NOT EXISTS pledge_item (
  reference TEXT NOT NULL REFERENCES pledge (reference),
  item TEXT NOT NULL,
  pledged INTEGER NOT NULL DEFAULT 0 CHECK (pledged >= 0),
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
  sorted INTEGER NOT NULL DEFAULT 0 CHECK (sorted BETWEEN 0 AND received),
  dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched BETWEEN 0 AND sorted),
  delivered INTEGER NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND dispatched),
  PRIMARY KEY (reference, item)
) STRICT, WITHOUT ROWID;

-- The timeline: who did what, when, where and with how much. Append-only.
CREATE TABLE IF NOT EXISTS pledge_step (
  id TEXT PRIMARY KEY,
  reference TEXT NOT NULL REFERENCES pledge (reference),
  -- 1, 2, 3 … within the pledge: of two steps decided after the same one, one is refused.
  step INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('pledged', 'received', 'sorted', 'dispatched', 'delivered', 'cancelled')),
  -- The status that it leaves behind.
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  place TEXT NOT NULL,
  -- [{"item", "quantity"}, …]
  lines TEXT NOT NULL CHECK (json_valid(lines)),
  -- Of a dispatch: where to. Of a delivery: the dispatch that it ends.
  destination TEXT,
  destination_division TEXT,
  dispatch TEXT REFERENCES pledge_step (id),
  receipt TEXT,
  UNIQUE (reference, step)
) STRICT;
-- A dispatch is delivered once.
CREATE UNIQUE INDEX IF NOT EXISTS pledge_step_delivery ON pledge_step (dispatch) WHERE kind = 'delivered';

CREATE TRIGGER IF NOT EXISTS pledge_step_is_append_only BEFORE UPDATE ON pledge_step BEGIN
  SELECT RAISE(ABORT, 'the timeline is append-only');
END;

CREATE TRIGGER IF NOT EXISTS pledge_step_is_kept BEFORE DELETE ON pledge_step BEGIN
  SELECT RAISE(ABORT, 'the timeline is append-only');
END;

-- Counts by district and day, kept as the steps happen, so that no count reads every pledge.
CREATE TABLE IF NOT EXISTS tally (
  district TEXT NOT NULL,
  -- Days since 1970-01-01 in Shanghai.
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- Empty: pledges, not quantities.
  item TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (district, day, kind, item)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS pledge_is_made AFTER INSERT ON pledge BEGIN
  INSERT INTO pledge_step (id, reference, step, kind, status, at, by, place, lines)
    SELECT NEW.reference || '-1', NEW.reference, 1, 'pledged', 'pledged', NEW.created_at, 'citizen', p.name, NEW.lines
    FROM point AS p WHERE p.id = NEW.point_id;
END;

CREATE TRIGGER IF NOT EXISTS pledge_step_is_taken AFTER INSERT ON pledge_step BEGIN
  UPDATE pledge SET status = NEW.status, step = NEW.step, changed_at = NEW.at, receipt = coalesce(NEW.receipt, receipt)
    WHERE reference = NEW.reference;
  INSERT INTO pledge_item (reference, item, pledged, received)
    SELECT NEW.reference, l.value ->> 'item',
           CASE NEW.kind WHEN 'pledged' THEN l.value ->> 'quantity' ELSE 0 END,
           CASE NEW.kind WHEN 'received' THEN l.value ->> 'quantity' ELSE 0 END
    FROM json_each(NEW.lines) AS l WHERE NEW.kind IN ('pledged', 'received')
    ON CONFLICT (reference, item) DO UPDATE SET received = received + excluded.received;
  UPDATE pledge_item SET
      sorted = sorted + CASE NEW.kind WHEN 'sorted' THEN l.value ->> 'quantity' ELSE 0 END,
      dispatched = dispatched + CASE NEW.kind WHEN 'dispatched' THEN l.value ->> 'quantity' ELSE 0 END,
      delivered = delivered + CASE NEW.kind WHEN 'delivered' THEN l.value ->> 'quantity' ELSE 0 END
    FROM json_each(NEW.lines) AS l
    WHERE NEW.kind IN ('sorted', 'dispatched', 'delivered')
      AND pledge_item.reference = NEW.reference AND pledge_item.item = l.value ->> 'item';
  INSERT INTO tally (district, day, kind, item, quantity)
    SELECT substr(p.division_code, 1, 6), (NEW.at + 28800) / 86400, NEW.kind, l.value ->> 'item', l.value ->> 'quantity'
    FROM json_each(NEW.lines) AS l, pledge AS p WHERE p.reference = NEW.reference
    ON CONFLICT (district, day, kind, item) DO UPDATE SET quantity = quantity + excluded.quantity;
  -- A pledge counts once in each status that it reaches.
  INSERT INTO tally (district, day, kind, item, quantity)
    SELECT substr(p.division_code, 1, 6), (NEW.at + 28800) / 86400, NEW.status, '', 1
    FROM pledge AS p WHERE p.reference = NEW.reference
      AND NOT EXISTS (SELECT 1 FROM pledge_step AS s
                      WHERE s.reference = NEW.reference AND s.step < NEW.step AND s.status = NEW.status)
    ON CONFLICT (district, day, kind, item) DO UPDATE SET quantity = quantity + excluded.quantity;
  INSERT INTO audit (at, actor, action, subject, detail)
    VALUES (NEW.at, NEW.by, 'pledge.' || NEW.kind, NEW.reference, json_object('lines', json(NEW.lines)));
  INSERT INTO outbox (at, type, subject, data)
    VALUES (NEW.at, 'donation.pledge.' || NEW.kind, NEW.reference,
            json_object('reference', NEW.reference, 'status', NEW.status, 'items', json(NEW.lines)));
END;
