-- A check-in, or an entry that staff make: for somebody who has a place, once.
INSERT INTO record (id, signup, shift, volunteer, opportunity, organisation, field, division_code, starts_at, ends_at,
                    status, checked_in_at, checked_out_at, minutes, counted, kind, reason, created_at, created_by, changed_at)
SELECT ?1, s.id, h.id, s.volunteer, o.id, o.organisation, o.detail ->> '$.field', o.division_code, h.starts_at, h.ends_at,
       ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?11
FROM signup AS s JOIN shift AS h ON h.id = s.shift JOIN opportunity AS o ON o.id = h.opportunity
WHERE s.shift = ?2 AND s.volunteer = ?3 AND s.status = 'confirmed' AND h.cancelled_at IS NULL
ON CONFLICT DO NOTHING
RETURNING id
