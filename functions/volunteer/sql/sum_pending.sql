SELECT coalesce(sum(minutes - counted), 0) AS pending FROM record
WHERE volunteer = ?1 AND status IN ('recorded', 'disputed') AND minutes > counted
