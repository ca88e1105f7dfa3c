-- Openings up to ?1 with the subscriptions that may want them, from behind the pair ?2, ?3 on. Beds whose counts were older
-- than ?4 seconds were not to be seen before.
SELECT o.no AS opening, o.institution, o.room_type, s.no, s.id, s.filters
FROM subscription AS s
CROSS JOIN opening AS o
JOIN institution AS i ON i.id = o.institution
WHERE s.ended_at IS NULL AND s.expires_at > ?5 AND o.no <= ?1 AND (o.no, s.no) > (?2, ?3)
  AND (s.room_type IS NULL OR s.room_type = o.room_type)
  AND substr(i.division_code, 1, length(s.stem)) = s.stem
  AND s.min_available > iif(o.confirmed_before < o.at - ?4, 0, o.before) AND s.min_available <= o.available
ORDER BY o.no, s.no LIMIT 1000
