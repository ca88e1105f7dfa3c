-- The opportunities of the cells from ?1 to before ?2, with the version of the newest of the cells.
SELECT (SELECT coalesce(max(version), 0) FROM cell WHERE id >= ?1 AND id < ?2) AS version,
       (SELECT json_group_array(json(card)) FROM
          (SELECT card FROM opportunity_card WHERE status = 'published' AND cell >= ?1 AND cell < ?2)) AS cards
