UPDATE opportunity SET status = 'closed', change = 'opportunity.closed', changed_at = ?2, changed_by = ?3
WHERE id = ?1 AND status = 'published'
RETURNING id
