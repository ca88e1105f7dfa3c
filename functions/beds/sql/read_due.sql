-- Whether offers have run out that nobody has noted, and whether beds opened that nobody was told of.
SELECT EXISTS (SELECT 1 FROM application WHERE status = 'offered' AND expires_at <= ?1) AS lapsed,
       EXISTS (SELECT 1 FROM opening) AS opened
