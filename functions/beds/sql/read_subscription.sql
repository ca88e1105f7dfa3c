SELECT s.id, s.token_hash, s.filters, s.contact, s.created_at, s.expires_at,
       (SELECT json_group_array(json_object('institution', m.institution, 'name', i.name, 'room_type', m.room_type,
                                            'available', m.available, 'at', m.at))
        FROM (SELECT * FROM alert WHERE subscription = s.id ORDER BY opening DESC LIMIT 20) AS m
        JOIN institution AS i ON i.id = m.institution) AS matches
FROM subscription AS s WHERE s.id = ?1 AND s.ended_at IS NULL AND s.expires_at > ?2
