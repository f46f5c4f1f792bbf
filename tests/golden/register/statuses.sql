SELECT entry, status, CAST(SUM(n) AS BIGINT) AS n
FROM cells
GROUP BY entry, status
ORDER BY entry, status
