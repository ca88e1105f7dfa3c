-- Only for rooms that there are and that serve the care level; a person who waits or has a bed already is refused by the
-- unique index.
INSERT INTO application (reference, token_hash, status, person, division_code, care_level, precedence, applicant,
                         preferences, created_at, changed_at, changed_by)
SELECT ?1, ?2, 'waiting', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 'citizen'
WHERE NOT EXISTS (
  SELECT 1 FROM json_each(?8) AS p
  LEFT JOIN room AS r ON r.institution = p.value ->> 'institution' AND r.room_type = p.value ->> 'room_type'
  LEFT JOIN institution AS i ON i.id = r.institution AND i.removed_at IS NULL
  WHERE i.id IS NULL OR (r.care_levels >> ?5) & 1 = 0)
ON CONFLICT DO NOTHING
RETURNING reference
