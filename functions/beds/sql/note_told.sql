-- Of openings: up to which subscription they were told, [[opening, subscription], …].
UPDATE opening SET told = max(opening.told, t.value ->> 1) FROM json_each(?1) AS t WHERE opening.no = t.value ->> 0
