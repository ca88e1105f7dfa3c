SELECT w.reference, w.token_hash, w.status, w.service, w.from_at, w.to_at, w.parties, w.appointment,
       h.start AS offer_start, h.expires_at AS offer_expires_at, s.end_at AS offer_end,
       (SELECT count(*) FROM waitlist AS before
        WHERE before.office_id = w.office_id AND before.service = w.service AND before.status = 'waiting'
          AND before.from_at < w.to_at AND w.from_at < before.to_at AND before.to_at > ?2
          AND before.id <= w.id) AS position,
       o.card AS office
FROM waitlist AS w
JOIN office_card AS o ON o.id = w.office_id
LEFT JOIN hold AS h ON h.waitlist = w.reference
LEFT JOIN slot AS s ON s.office_id = h.office_id AND s.service = h.service AND s.start = h.start
WHERE w.reference = ?1
