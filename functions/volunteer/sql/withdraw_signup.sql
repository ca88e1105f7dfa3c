-- While the shift is still to come; whoever waits has the place in the same statement.
UPDATE signup SET status = 'withdrawn', changed_at = ?3, changed_by = 'citizen'
WHERE shift = ?1 AND volunteer = ?2 AND status IN ('confirmed', 'waitlisted') AND starts_at > ?3
RETURNING id
