SELECT count(*) AS probes, min(at) AS oldest FROM probe WHERE caller = ?1 AND at > ?2
