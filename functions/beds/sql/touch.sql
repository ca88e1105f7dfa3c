SELECT 1 AS one FROM institution LIMIT 1
