INSERT INTO waitlist
  (reference, token_hash, status, office_id, service, from_at, to_at, offer_seconds, parties, persons,
   created_at, changed_at, changed_by)
SELECT ?1, ?2, 'waiting', o.id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 'citizen'
FROM office AS o
WHERE o.id = ?3
  AND NOT EXISTS (
    SELECT 1 FROM party AS p
    WHERE p.active = 1 AND p.service = ?4 AND p.ends_at > ?10
      AND p.person IN (SELECT value FROM json_each(?9)))
  AND NOT EXISTS (
    SELECT 1 FROM waitlist_party AS p JOIN waitlist AS w ON w.id = p.waitlist_id
    WHERE p.service = ?4 AND p.person IN (SELECT value FROM json_each(?9))
      AND (w.status = 'waiting' AND w.to_at > ?10
           OR w.status = 'offered' AND EXISTS (
             SELECT 1 FROM hold AS h WHERE h.waitlist = w.reference AND h.expires_at > ?10)))
  AND NOT EXISTS (
    SELECT 1 FROM party AS last JOIN party AS first
      ON first.person = last.person AND first.no_show_at IS NOT NULL AND first.reference <> last.reference
     AND first.no_show_at BETWEEN last.no_show_at - ?11 AND last.no_show_at
    WHERE last.no_show_at > ?10 - ?12 AND last.person IN (SELECT value FROM json_each(?9))
    GROUP BY last.reference, last.person HAVING count(*) >= ?13 - 1)
ON CONFLICT (reference) DO NOTHING
RETURNING id
