SELECT EXISTS (SELECT 1 FROM point WHERE id = ?1 AND removed_at IS NULL) AS point_is_there,
       EXISTS (SELECT 1 FROM report WHERE id = ?4) AS was_made,
       -- When the oldest of the reports that count stops counting.
       (SELECT created_at FROM report WHERE caller = ?2 AND created_at > ?3
        ORDER BY created_at DESC LIMIT 1 OFFSET ?5) AS oldest
