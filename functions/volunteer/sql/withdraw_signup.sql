-- While the shift is still to come and they haven't checked in; whoever waits has the place in the same statement.
UPDATE signup SET status = 'withdrawn', changed_at = ?3, changed_by = 'citizen'
WHERE shift = ?1 AND volunteer = ?2 AND status IN ('confirmed', 'waitlisted') AND starts_at > ?3
  AND NOT EXISTS (SELECT 1 FROM record AS r WHERE r.signup = signup.id)
RETURNING id
