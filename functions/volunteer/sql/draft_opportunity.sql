INSERT INTO opportunity (id, organisation, status, division_code, lat, lon, cell, detail, sample, created_at, change,
                         changed_at, changed_by)
SELECT ?1, g.id, 'draft', ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'opportunity.drafted', ?9, ?10
FROM organisation AS g WHERE g.id = ?2 AND g.division_code = ?11
ON CONFLICT DO NOTHING
RETURNING id
