INSERT INTO schedule_change
  (office_id, version, kind, day, body, from_at, until_at, slots_until, slots, changed_at, changed_by)
SELECT o.id, o.schedule_version + 1, ?3, ?4, ?5, ?6, ?7, coalesce(?8, o.slots_until), ?9, ?10, ?11
FROM office AS o WHERE o.id = ?1 AND o.schedule_version = ?2
RETURNING version
