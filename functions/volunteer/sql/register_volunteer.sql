-- A person who is registered already is refused by the unique index.
INSERT INTO volunteer (volunteer_no, status, token_hash, person, secret, division_code, skills, availability, trainings,
                       created_at, change, changed_at, changed_by)
VALUES (?1, 'active', ?2, ?3, ?4, ?5, ?6, ?7, '[]', ?8, 'volunteer.registered', ?8, 'citizen')
ON CONFLICT DO NOTHING
RETURNING volunteer_no
