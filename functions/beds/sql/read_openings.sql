-- The oldest openings, at most ?1, that were told to the same subscriptions: up to which, and the last of them.
SELECT min(told) AS told, max(no) AS last
FROM (SELECT no, told FROM opening ORDER BY no LIMIT ?1)
WHERE told = (SELECT told FROM opening ORDER BY no LIMIT 1)
