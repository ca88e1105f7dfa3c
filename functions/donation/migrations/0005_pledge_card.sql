-- A pledge with its point, its quantities and its timeline.
CREATE VIEW IF NOT EXISTS pledge_card AS
  SELECT g.no, g.point_id, g.reference, g.token_hash, g.status, g.division_code, g.donor, g.receipt, g.created_at, g.step, c.card AS point,
    (SELECT json_group_array(json_object('item', i.item, 'pledged', i.pledged, 'received', i.received,
                                         'sorted', i.sorted, 'dispatched', i.dispatched, 'delivered', i.delivered))
     FROM pledge_item AS i WHERE i.reference = g.reference) AS items,
    (SELECT json_group_array(json_object('id', s.id, 'kind', s.kind, 'at', s.at, 'by', s.by, 'place', s.place,
                                         'lines', json(s.lines), 'destination', s.destination,
                                         'destination_division', s.destination_division, 'dispatch', s.dispatch))
     FROM (SELECT * FROM pledge_step WHERE reference = g.reference ORDER BY step) AS s) AS steps
  FROM pledge AS g JOIN point AS p ON p.id = g.point_id JOIN point_card AS c ON c.no = p.no;
