-- One step of a pledge, decided after its step ?3. Quantities never exceed what is left of the step before: guarded
-- here, and by the checks of pledge_item.
INSERT INTO pledge_step (id, reference, step, kind, status, at, by, place, lines, destination, destination_division,
                         dispatch, receipt)
SELECT ?1, g.reference, g.step + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
FROM pledge AS g
WHERE g.reference = ?2 AND g.step = ?3
  AND NOT EXISTS (
    SELECT 1 FROM json_each(?9) AS l
    LEFT JOIN pledge_item AS i ON i.reference = g.reference AND i.item = l.value ->> 'item'
    WHERE l.value ->> 'quantity' > CASE ?4
      WHEN 'sorted' THEN coalesce(i.received - i.sorted, 0)
      WHEN 'dispatched' THEN coalesce(i.sorted - i.dispatched, 0)
      WHEN 'delivered' THEN coalesce(i.dispatched - i.delivered, 0)
      ELSE l.value ->> 'quantity' END)
ON CONFLICT DO NOTHING
RETURNING id
