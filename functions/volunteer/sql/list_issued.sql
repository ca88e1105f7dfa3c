-- Certificates in which an organisation stands, of everybody or of one volunteer (?2).
SELECT c.no, c.code, c.volunteer_no, c.name, c.from_day, c.to_day, c.entries, c.total_minutes, c.sample, c.issued_at,
       c.revoked_at, c.revoked_reason, v.token_hash
FROM certificate AS c JOIN volunteer AS v ON v.no = c.volunteer
WHERE c.no > ?3 AND (?2 = '' OR c.volunteer_no = ?2)
  AND EXISTS (SELECT 1 FROM json_each(c.entries) AS e WHERE e.value ->> 'organisation' = ?1)
ORDER BY c.no LIMIT ?4
