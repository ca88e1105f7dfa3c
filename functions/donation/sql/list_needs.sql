SELECT c.card AS point FROM point AS p JOIN point_card AS c ON c.no = p.no
WHERE p.removed_at IS NULL AND instr(p.items, '"urgent"') > 0 AND p.id > ?1
  AND substr(p.division_code, 1, length(?2)) = ?2
  AND EXISTS (SELECT 1 FROM json_each(p.items) AS i
              WHERE i.value ->> 'state' = 'urgent' AND coalesce(i.value ->> 'until', ?3 + 1) > ?3
                AND i.value ->> 'item' = coalesce(?4, i.value ->> 'item'))
ORDER BY p.id LIMIT ?5
