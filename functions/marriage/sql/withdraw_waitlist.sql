UPDATE waitlist SET status = 'withdrawn', changed_at = ?2, changed_by = 'citizen'
WHERE reference = ?1 AND status IN ('waiting', 'offered')
RETURNING office_id, service
