-- Subscriptions that may want a bed of this type in this division, of which there were ?3 and are ?4 now.
SELECT no, id, filters FROM subscription
WHERE ended_at IS NULL AND expires_at > ?5 AND no > ?6
  AND (room_type IS NULL OR room_type = ?1) AND substr(?2, 1, length(stem)) = stem
  AND min_available > ?3 AND min_available <= ?4
ORDER BY no LIMIT 1000
