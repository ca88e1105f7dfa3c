-- Only to a point that takes every item now; a state that has run out counts as accepting.
INSERT INTO pledge (reference, token_hash, status, point_id, division_code, donor, lines, created_at, changed_at)
SELECT ?1, ?2, 'pledged', p.id, p.division_code, ?4, ?5, ?6, ?6
FROM point AS p
WHERE p.id = ?3 AND p.removed_at IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM json_each(?5) AS l LEFT JOIN json_each(p.items) AS i ON i.value ->> 'item' = l.value ->> 'item'
    WHERE i.value IS NULL
       OR (i.value ->> 'state' IN ('full', 'not_accepted') AND coalesce(i.value ->> 'until', ?6 + 1) > ?6))
ON CONFLICT DO NOTHING
RETURNING reference
