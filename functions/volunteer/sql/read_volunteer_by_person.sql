SELECT no, volunteer_no, division_code, skills, availability, trainings, secret, total_minutes, version, created_at
FROM volunteer WHERE person = ?1 AND status = 'active'
