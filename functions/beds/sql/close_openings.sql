-- Openings up to ?1 that were told to subscriptions up to ?2 are told to the rest, and done.
DELETE FROM opening WHERE no <= ?1 AND told = ?2
