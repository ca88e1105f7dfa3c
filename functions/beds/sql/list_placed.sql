-- Whoever has an offer, a bed, or had one of an institution, by application.
SELECT * FROM application_card
WHERE institution = ?1 AND room_type = coalesce(?2, room_type) AND status = ?3 AND no > ?4
ORDER BY no LIMIT ?5
