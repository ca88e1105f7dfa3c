SELECT c.*, v.volunteer_no, v.secret, r.id AS entry, r.status AS record_status
FROM signup_card AS c JOIN volunteer AS v ON v.no = c.volunteer LEFT JOIN record AS r ON r.signup = c.id
WHERE c.no IN (SELECT no FROM signup WHERE shift = ?1 AND no > ?2 AND (?3 = '' OR status = ?3) ORDER BY no LIMIT ?4)
ORDER BY c.no
