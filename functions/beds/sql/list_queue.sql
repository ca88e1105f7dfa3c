-- Whoever waits for a bed of an institution, in the order of the queue of each room type; behind the place ?3, a JSON array.
SELECT c.*, p.room_type AS queue, p.rank
FROM preference AS p JOIN application_card AS c ON c.reference = p.reference
WHERE p.institution = ?1 AND p.room_type = coalesce(?2, p.room_type) AND p.queued = 1
  AND (?3 = '' OR (p.room_type, p.rank, p.no) > (?3 ->> 0, ?3 ->> 1, ?3 ->> 2))
ORDER BY p.room_type, p.rank, p.no LIMIT ?4
