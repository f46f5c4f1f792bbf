WITH bands AS (
  SELECT band, first_day, next_day FROM (VALUES (0, 0, 1), (1, 1, 3), (2, 3, 7), (3, 7, 14), (4, 14, 30), (5, 30, 60), (6, 60, 90), (7, 90, 180), (8, 180, 365), (9, 365, CAST(NULL AS INT))) AS b(band, first_day, next_day)
),
stays AS (
  SELECT day, days, SUM(n) AS n
  FROM cells
  WHERE status IN ('left', 'open', 'superseded')
  GROUP BY day, days
),
steps AS (
  SELECT day + first_day AS day, band, n
  FROM stays CROSS JOIN bands
  WHERE days IS NULL OR days > first_day
  UNION ALL
  SELECT day + CASE WHEN next_day IS NULL OR days <= next_day THEN days ELSE next_day END AS day, band, -n AS n
  FROM stays CROSS JOIN bands
  WHERE (days IS NULL OR days > first_day) AND NOT (days IS NULL AND next_day IS NULL)
  UNION ALL
  SELECT day + days AS day, -1 AS band, n FROM cells WHERE status = 'superseded'
  UNION ALL
  SELECT day, -2 AS band, -n AS n FROM cells WHERE status = 'unmatched'
  UNION ALL
  SELECT day, -3 AS band, CASE WHEN entry = 1 THEN n ELSE -n END AS n FROM cells WHERE status = 'keyless'
)
SELECT day, band, CAST(SUM(n) AS BIGINT) AS n
FROM steps
WHERE day <= 19357
GROUP BY day, band
ORDER BY day, band
