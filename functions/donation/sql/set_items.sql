-- The items given replace those of the same name, the others stay.
UPDATE point SET
  items = (SELECT json_group_array(json(i.value)) FROM (
             SELECT o.value FROM json_each(point.items) AS o
               WHERE o.value ->> 'item' NOT IN (SELECT n.value ->> 'item' FROM json_each(?3) AS n)
             UNION ALL SELECT n.value FROM json_each(?3) AS n) AS i),
  confirmed_at = ?4, change = 'point.items_changed', changed_at = ?4, changed_by = ?5
WHERE id = ?1 AND division_code = ?2 AND removed_at IS NULL
RETURNING id
