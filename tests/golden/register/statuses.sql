SELECT entry, status, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(n * tied) AS BIGINT) AS tied
FROM cells
GROUP BY entry, status
ORDER BY entry, status
