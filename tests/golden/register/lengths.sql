SELECT citizenship, day, status, days, CAST(SUM(n) AS BIGINT) AS n
FROM cells
WHERE status IN ('left', 'open', 'superseded')
GROUP BY citizenship, day, status, days
ORDER BY citizenship, day, status, days NULLS FIRST
