SELECT a.reference, a.token_hash, a.status, a.service, a.start, a.end_at, a.with_ceremony, a.parties,
       a.created_at,
       o.card AS office
FROM appointment AS a JOIN office_card AS o ON o.id = a.office_id WHERE a.reference = ?1
