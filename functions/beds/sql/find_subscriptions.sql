-- Openings up to ?1 that were told to subscriptions up to ?2, with those up to ?3 that may want them at ?4. Beds whose
-- counts were older than ?5 seconds were not to be seen before.
SELECT o.no AS opening, o.institution, o.room_type, s.id, s.filters
FROM opening AS o
CROSS JOIN institution AS i ON i.id = o.institution
CROSS JOIN subscription AS s INDEXED BY subscription_open ON s.no > ?2 AND s.no <= ?3
WHERE o.no <= ?1 AND o.told = ?2 AND o.available > iif(o.confirmed_before < o.at - ?5, 0, o.before)
  AND s.ended_at IS NULL AND s.expires_at > ?4 AND s.min_available <= o.available
  AND (s.room_type IS NULL OR s.room_type = o.room_type) AND substr(i.division_code, 1, length(s.stem)) = s.stem
