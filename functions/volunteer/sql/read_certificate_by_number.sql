SELECT c.no, c.code, c.volunteer_no, c.name, c.from_day, c.to_day, c.entries, c.total_minutes, c.sample, c.issued_at,
       c.revoked_at, c.revoked_reason, v.token_hash
FROM certificate AS c JOIN volunteer AS v ON v.no = c.volunteer WHERE c.no = ?1
