-- A place, or one on the waitlist. Not where another shift of the volunteer, of whatever organisation, is at the same time,
-- and only as the volunteer was judged (?5).
INSERT INTO signup (id, shift, volunteer, status, starts_at, ends_at, created_at, changed_at, changed_by)
SELECT ?1, h.id, v.no, iif(h.confirmed < h.capacity, 'confirmed', 'waitlisted'), h.starts_at, h.ends_at, ?4, ?4, 'citizen'
FROM shift AS h JOIN opportunity AS o ON o.id = h.opportunity, volunteer AS v
WHERE h.id = ?2 AND v.no = ?3 AND v.version = ?5 AND v.status = 'active'
  AND o.status = 'published' AND h.cancelled_at IS NULL AND h.starts_at > ?4
  AND (h.confirmed < h.capacity OR h.waitlisted < h.waitlist_capacity)
  AND NOT EXISTS (SELECT 1 FROM signup AS s
                  WHERE s.volunteer = v.no AND s.status IN ('confirmed', 'waitlisted')
                    AND s.starts_at > h.starts_at - 172800 AND s.starts_at < h.ends_at AND s.ends_at > h.starts_at)
ON CONFLICT DO NOTHING
RETURNING id
