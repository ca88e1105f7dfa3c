-- Those whose last shift ended before ?2, some hundred at a time.
UPDATE opportunity SET status = 'closed', change = 'opportunity.closed', changed_at = ?1, changed_by = 'system'
WHERE no IN (SELECT no FROM opportunity WHERE status = 'published' AND ends_at < ?2 ORDER BY ends_at LIMIT 200)
RETURNING id
