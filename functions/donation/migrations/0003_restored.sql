-- How many of the points that an import updated had been removed before it.

-- unless: SELECT 1 FROM sqlite_schema WHERE name = 'point_import' AND instr(sql, 'restored') > 0
ALTER TABLE point_import ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;
