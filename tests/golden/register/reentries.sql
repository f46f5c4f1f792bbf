SELECT citizenship,
  CAST(SUM(CASE WHEN status = 'left' AND again = 1 THEN n ELSE 0 END) AS BIGINT) AS seen,
  CAST(SUM(CASE WHEN status = 'superseded' THEN n ELSE 0 END) AS BIGINT) AS missed
FROM cells
WHERE status IN ('left', 'superseded')
GROUP BY citizenship
ORDER BY citizenship
