SELECT fault, COUNT(*) AS n, COUNT(k) AS keyed, MIN(p >> 31) + 631152000 AS first_t,
  MAX(p >> 31) + 631152000 AS last_t
FROM (SELECT k, p, CASE WHEN p < 0 THEN -p ELSE 0 END AS fault FROM coded) AS judged
GROUP BY fault
ORDER BY fault
