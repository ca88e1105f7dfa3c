-- Openings up to ?1 that were told to subscriptions up to ?2 are told to those up to ?3.
UPDATE opening SET told = ?3 WHERE no <= ?1 AND told = ?2
