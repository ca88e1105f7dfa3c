-- What counts of the days from ?5 to before ?6, of one organisation or of all (?7 empty): by what was done. Nothing is certified
-- of nobody, nor of nothing. ?8 may be NULL: then it begins with the first service.
INSERT INTO certificate (code, volunteer, volunteer_no, name, from_day, to_day, entries, total_minutes, sample, issued_at)
SELECT ?1, v.no, v.volunteer_no, ?3, coalesce(?8, date(t.first_at, 'unixepoch', '+8 hours')), ?9,
       (SELECT json_group_array(json_object(
                 'organisation', e.organisation, 'organisation_name', e.name, 'opportunity', e.opportunity,
                 'title', e.title, 'field', e.field, 'first_at', e.first_at, 'last_at', e.last_at, 'times', e.times,
                 'minutes', e.minutes))
        FROM (SELECT r.organisation, g.name, r.opportunity, o.detail ->> '$.title' AS title, r.field,
                     min(r.starts_at) AS first_at, max(r.starts_at) AS last_at, count(*) AS times,
                     sum(r.counted) AS minutes
              FROM record AS r
              JOIN opportunity AS o ON o.id = r.opportunity
              JOIN organisation AS g ON g.id = r.organisation
              WHERE r.volunteer = v.no AND r.counted > 0 AND r.starts_at >= ?5 AND r.starts_at < ?6
                AND (?7 = '' OR r.organisation = ?7)
              GROUP BY r.opportunity ORDER BY first_at, r.opportunity) AS e),
       t.minutes, t.sample, ?4
FROM volunteer AS v, (
  SELECT sum(r.counted) AS minutes, max(o.sample) AS sample, min(r.starts_at) AS first_at
  FROM record AS r JOIN opportunity AS o ON o.id = r.opportunity
  WHERE r.volunteer = ?2 AND r.counted > 0 AND r.starts_at >= ?5 AND r.starts_at < ?6
    AND (?7 = '' OR r.organisation = ?7)) AS t
WHERE v.no = ?2 AND v.status = 'active' AND t.minutes > 0
ON CONFLICT DO NOTHING
RETURNING code
