-- What a function that is searched by place keeps beside its own tables. Its triggers write it in the statement that
-- changes what lies in a cell.

-- A cell of the map, and how many points it has. Its version comes from one counter for all cells, so that whoever knows
-- the highest version that they have seen can ask what changed since.
CREATE TABLE IF NOT EXISTS cell (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  points INTEGER NOT NULL CHECK (points >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cell_version ON cell (version);
