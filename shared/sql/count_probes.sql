SELECT count(*) AS probes, min(at) AS oldest FROM probe WHERE kind = ?1 AND caller = ?2 AND at > ?3
