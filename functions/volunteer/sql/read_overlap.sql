-- The volunteer's own sign-up for the shift, and another shift of theirs at the same time.
SELECT (SELECT s.id FROM signup AS s
        WHERE s.shift = ?1 AND s.volunteer = ?2 AND s.status IN ('confirmed', 'waitlisted')) AS own,
       (SELECT s.shift FROM signup AS s JOIN shift AS h ON h.id = ?1
        WHERE s.volunteer = ?2 AND s.status IN ('confirmed', 'waitlisted') AND s.shift <> ?1
          AND s.starts_at < h.ends_at AND s.ends_at > h.starts_at
        ORDER BY s.starts_at LIMIT 1) AS overlapping
