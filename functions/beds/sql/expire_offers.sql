-- Offers that have run out: their beds are free again, and those they were made to wait on. ?2: what that costs in the queue.
INSERT INTO application_step (id, reference, step, kind, status, at, by, offer, institution, room_type, reserved, setback)
SELECT a.offer || '-expired', a.reference, a.step + 1, 'expired', 'waiting', ?1, 'system', a.offer, a.institution,
       a.room_type, -1, ?2
FROM application AS a WHERE a.status = 'offered' AND a.expires_at <= ?1
ORDER BY a.expires_at LIMIT 500
ON CONFLICT DO NOTHING
RETURNING id
