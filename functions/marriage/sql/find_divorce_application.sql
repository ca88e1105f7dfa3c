SELECT max(p.completed_at) AS completed_at
FROM party AS p
WHERE p.service = 'divorce_application' AND p.person = ?1
  AND EXISTS (SELECT 1 FROM party AS q WHERE q.reference = p.reference AND q.person = ?2 AND q.completed_at IS NOT NULL)
