SELECT g.receipt, g.status, s.at, c.card AS point, s.lines
FROM pledge AS g JOIN pledge_step AS s ON s.reference = g.reference AND s.kind = 'received'
JOIN point AS p ON p.id = g.point_id JOIN point_card AS c ON c.no = p.no
WHERE g.receipt = ?1
