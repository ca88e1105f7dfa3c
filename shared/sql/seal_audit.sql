INSERT INTO audit_seal (seq, hash)
SELECT entry.value ->> 0, entry.value ->> 1 FROM json_each(?2) AS entry
WHERE (SELECT coalesce(max(s.seq), 0) FROM audit_seal AS s) = ?1
RETURNING seq
