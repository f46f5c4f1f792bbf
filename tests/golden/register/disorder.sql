SELECT file, row_number, seconds, n
FROM (
  SELECT file, row_number, seconds, COUNT(*) OVER (PARTITION BY file) AS n
  FROM (
    SELECT file, row_number, LAG(t) OVER (PARTITION BY file ORDER BY row_number) - t AS seconds
    FROM placed
    WHERE p >= 0
  ) AS steps
  WHERE seconds > 0
) AS back
ORDER BY file, row_number
LIMIT 200
