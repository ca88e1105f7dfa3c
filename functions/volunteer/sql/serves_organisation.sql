-- Whether a volunteer has a place in a shift of the organisation that ended after ?3, or is still to come.
SELECT EXISTS (SELECT 1 FROM signup AS s JOIN shift AS h ON h.id = s.shift JOIN opportunity AS o ON o.id = h.opportunity
               WHERE s.volunteer = ?1 AND s.status = 'confirmed' AND s.ends_at > ?3 AND o.organisation = ?2) AS serves
