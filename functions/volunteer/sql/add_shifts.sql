-- [[id, starts_at, ends_at, capacity, waitlist_capacity], …]: all of them or none. Where it has to be insured (?5), insured
-- to the end of each.
INSERT INTO shift (id, opportunity, starts_at, ends_at, capacity, waitlist_capacity, changed_at, changed_by)
SELECT s.value ->> 0, o.id, s.value ->> 1, s.value ->> 2, s.value ->> 3, s.value ->> 4, ?3, ?4
FROM opportunity AS o, json_each(?2) AS s
WHERE o.id = ?1 AND o.status <> 'closed'
  AND (NOT ?5 OR NOT o.detail ->> '$.dangerous' OR NOT EXISTS (
    SELECT 1 FROM json_each(?2) AS e
    WHERE coalesce(date((e.value ->> 2) - 1, 'unixepoch', '+8 hours') > o.detail ->> '$.insurance.until', 1)))
ON CONFLICT DO NOTHING
RETURNING id
