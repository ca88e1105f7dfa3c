-- The number of the last subscription that hasn't ended, and how many there are.
SELECT coalesce(max(no), 0) AS no, count(*) AS live FROM subscription WHERE ended_at IS NULL
