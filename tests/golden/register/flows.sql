SELECT day, checkpoint, citizenship, purpose, CAST(SUM(CASE WHEN entry = 1 THEN n ELSE 0 END) AS BIGINT) AS entries,
  CAST(SUM(CASE WHEN entry = 0 THEN n ELSE 0 END) AS BIGINT) AS exits,
  CAST(SUM(CASE WHEN entry = 1 THEN persons ELSE 0 END) AS BIGINT) AS persons_in,
  CAST(SUM(CASE WHEN entry = 0 THEN persons ELSE 0 END) AS BIGINT) AS persons_out,
  CAST(SUM(CASE WHEN entry = 1 THEN repeated ELSE 0 END) AS BIGINT) AS repeat_in,
  CAST(SUM(CASE WHEN entry = 0 THEN repeated ELSE 0 END) AS BIGINT) AS repeat_out,
  CAST(SUM(same_day) AS BIGINT) AS same_day_transit,
  CAST(SUM(keyless) AS BIGINT) AS keyless
FROM (
  SELECT day, checkpoint, citizenship, purpose, entry, n,
    CASE WHEN person IS NOT NULL THEN 1 WHEN keyless > 0 THEN 0 ELSE n END AS persons,
    CASE WHEN person IS NOT NULL AND n > 1 THEN 1 ELSE 0 END AS repeated,
    same_day, keyless
  FROM (
    SELECT day, checkpoint, citizenship, purpose, entry, person, status = 'keyless' AS without_key, SUM(n) AS n,
      SUM(CASE WHEN status = 'left' AND days = 0 THEN n ELSE 0 END) AS same_day,
      SUM(CASE WHEN status = 'keyless' THEN n ELSE 0 END) AS keyless
    FROM cells
    WHERE status NOT IN ('duplicate', 'two_places')
    GROUP BY day, checkpoint, citizenship, purpose, entry, person, status = 'keyless'
  ) AS people
) AS counted
GROUP BY day, checkpoint, citizenship, purpose
ORDER BY day, checkpoint, citizenship, purpose
