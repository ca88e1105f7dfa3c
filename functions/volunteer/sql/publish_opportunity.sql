-- With a shift that is still to come, and where it has to be insured (?4), insured to the end of the last one.
UPDATE opportunity SET status = 'published', change = 'opportunity.published', changed_at = ?2, changed_by = ?3
WHERE id = ?1 AND status = 'draft'
  AND EXISTS (SELECT 1 FROM shift AS h WHERE h.opportunity = ?1 AND h.cancelled_at IS NULL AND h.starts_at > ?2)
  AND (NOT ?4 OR NOT detail ->> '$.dangerous'
       OR (SELECT date(max(h.ends_at) - 1, 'unixepoch', '+8 hours') FROM shift AS h
           WHERE h.opportunity = ?1 AND h.cancelled_at IS NULL) <= detail ->> '$.insurance.until')
RETURNING id
