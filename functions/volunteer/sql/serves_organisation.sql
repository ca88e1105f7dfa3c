SELECT EXISTS (SELECT 1 FROM signup AS s JOIN shift AS h ON h.id = s.shift JOIN opportunity AS o ON o.id = h.opportunity
               WHERE s.volunteer = ?1 AND o.organisation = ?2) AS serves
