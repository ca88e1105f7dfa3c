SELECT 1 AS one FROM volunteer LIMIT 1
