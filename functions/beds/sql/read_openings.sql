-- The last of the next openings that are looked at together, oldest first.
SELECT max(no) AS last FROM (SELECT no FROM opening ORDER BY no LIMIT ?1)
