SELECT card FROM opportunity_card
WHERE no = (SELECT o.no FROM shift AS h JOIN opportunity AS o ON o.id = h.opportunity WHERE h.id = ?1)
