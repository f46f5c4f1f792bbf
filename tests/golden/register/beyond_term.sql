WITH both_ways AS (
  SELECT citizenship, 19357 - day - CASE citizenship WHEN 'KGZ' THEN 30 WHEN 'RUS' THEN 90 ELSE 90 END AS days_over, n AS stays,
    CASE WHEN status = 'left' THEN n ELSE 0 END AS ended, 0 AS late
  FROM cells
  WHERE status IN ('left', 'open') AND again = 0 AND 19357 - day > CASE citizenship WHEN 'KGZ' THEN 30 WHEN 'RUS' THEN 90 ELSE 90 END
  UNION ALL
  SELECT citizenship, days - CASE citizenship WHEN 'KGZ' THEN 30 WHEN 'RUS' THEN 90 ELSE 90 END AS days_over, 0 AS stays, 0 AS ended, n AS late
  FROM cells
  WHERE status = 'left' AND days > CASE citizenship WHEN 'KGZ' THEN 30 WHEN 'RUS' THEN 90 ELSE 90 END
)
SELECT citizenship, days_over, CAST(SUM(stays) AS BIGINT) AS stays, CAST(SUM(ended) AS BIGINT) AS ended,
  CAST(SUM(late) AS BIGINT) AS late
FROM both_ways
GROUP BY citizenship, days_over
ORDER BY citizenship, days_over
