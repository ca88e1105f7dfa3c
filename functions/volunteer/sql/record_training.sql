-- The latest of each training counts.
UPDATE volunteer SET
  trainings = (SELECT json_group_array(json(t.value)) FROM (
    SELECT value FROM json_each(volunteer.trainings) WHERE value ->> 'training' <> ?2
    UNION ALL SELECT json_object('training', ?2, 'completed_on', max(?3, coalesce((
      SELECT value ->> 'completed_on' FROM json_each(volunteer.trainings) WHERE value ->> 'training' = ?2), ?3)))) AS t),
  version = version + 1, change = 'volunteer.trained', changed_at = ?4, changed_by = ?5
WHERE volunteer_no = ?1 AND status = 'active'
RETURNING no
