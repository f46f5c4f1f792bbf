SELECT file, COALESCE(reason, '') AS reason, COUNT(*) AS n, COUNT(person) AS keyed,
  MIN(t) AS first_t, MAX(t) AS last_t
FROM scanned
GROUP BY file, COALESCE(reason, '')
ORDER BY file, reason
