-- Whoever waits for a bed of an institution, in the order of the queue of each room type.
SELECT c.*, p.room_type AS queue, p.passes, p.precedence, p.since
FROM preference AS p JOIN application_card AS c ON c.reference = p.reference
WHERE p.institution = ?1 AND p.room_type = coalesce(?2, p.room_type) AND p.queued = 1
  AND (?3 = '' OR (p.room_type, p.passes, p.precedence, p.since, p.reference)
                > (?3 ->> 0, ?3 ->> 1, ?3 ->> 2, ?3 ->> 3, ?3 ->> 4))
ORDER BY p.room_type, p.passes, p.precedence, p.since, p.reference LIMIT ?4
