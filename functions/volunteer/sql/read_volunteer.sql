SELECT no, volunteer_no, division_code, skills, availability, trainings, secret, total_minutes, version, created_at
FROM volunteer WHERE volunteer_no = ?1 AND status = 'active'
