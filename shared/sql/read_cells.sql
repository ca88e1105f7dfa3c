-- The cells that changed after a version, and the highest version.
SELECT coalesce((SELECT max(version) FROM cell), 0) AS version,
       (SELECT json_group_array(json_array(id, version, points)) FROM cell WHERE version > ?1) AS cells
