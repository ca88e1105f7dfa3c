SELECT count(*) AS points FROM point WHERE removed_at IS NULL AND substr(division_code, 1, length(?1)) = ?1
