SELECT version FROM read_model WHERE name = ?1
