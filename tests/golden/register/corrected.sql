SELECT day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person, CAST(SUM(n) AS BIGINT) AS n
FROM (
SELECT day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person, n FROM plain_cells
UNION ALL
SELECT day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person, -n AS n FROM (
WITH seen AS (
  SELECT person, t, day, entry, checkpoint, citizenship, purpose,
    LAG(entry) OVER w AS before_entry, LAG(t) OVER w AS before_t, LAG(checkpoint) OVER w AS before_post,
    LEAD(entry) OVER w AS next_entry, LEAD(t) OVER w AS next_t, LEAD(checkpoint) OVER w AS next_post,
    LEAD(entry, 2) OVER w AS second_entry, LEAD(entry, 3) OVER w AS third_entry,
    LEAD(day) OVER w AS next_day,
    COALESCE(LAG(day) OVER w = day, FALSE) AS before_same_day,
    COALESCE(LEAD(day) OVER w = day, FALSE) AS next_same_day,
    COALESCE(LAG(day, 2) OVER w = day, FALSE) OR COALESCE(LEAD(day, 2) OVER w = day, FALSE) AS far_same_day
  FROM tied_events
  WHERE person IS NOT NULL
  WINDOW w AS (PARTITION BY person ORDER BY t, entry, checkpoint, citizenship, purpose)
),
judged AS (
  SELECT *,
    CASE
      WHEN entry = 1 AND next_entry = 1 AND next_post = checkpoint
        AND next_t - t <= 600 THEN 'duplicate'
      WHEN entry = 0 AND before_entry = 0 AND before_post = checkpoint
        AND t - before_t <= 600 THEN 'duplicate'
      WHEN entry = 1 AND next_entry = 1 AND next_t - t <= 300 THEN 'two_places'
      WHEN entry = 0 AND before_entry = 0 AND t - before_t <= 300 THEN 'two_places'
      WHEN entry = 1 AND next_entry = 0 THEN 'left'
      WHEN entry = 1 AND next_entry = 1 THEN 'superseded'
      WHEN entry = 1 THEN 'open'
      WHEN before_entry = 1 THEN 'matched'
      ELSE 'unmatched'
    END AS status,
    person AS crowded
  FROM seen
)
SELECT day, entry, checkpoint, citizenship, purpose, status,
  CASE WHEN status IN ('left', 'superseded') THEN next_day - day END AS days,
  CASE WHEN status = 'left' AND (second_entry = 1 OR third_entry = 1) THEN 1 ELSE 0 END AS again,
  CASE WHEN next_t = t AND next_entry <> entry THEN 1 ELSE 0 END AS tied,
  crowded AS person, COUNT(*) AS n
FROM judged
GROUP BY day, entry, checkpoint, citizenship, purpose, status,
  CASE WHEN status IN ('left', 'superseded') THEN next_day - day END,
  CASE WHEN status = 'left' AND (second_entry = 1 OR third_entry = 1) THEN 1 ELSE 0 END,
  CASE WHEN next_t = t AND next_entry <> entry THEN 1 ELSE 0 END,
  crowded
UNION ALL
SELECT day, entry, checkpoint, citizenship, purpose, 'keyless' AS status, CAST(NULL AS INT) AS days,
  0 AS again, 0 AS tied, CAST(NULL AS STRING) AS person, COUNT(*) AS n
FROM tied_events
WHERE person IS NULL
GROUP BY day, entry, checkpoint, citizenship, purpose
) AS as_counted
UNION ALL
SELECT day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person, n FROM (
WITH seen AS (
  SELECT person, t, day, entry, checkpoint, citizenship, purpose,
    LAG(entry) OVER w AS before_entry, LAG(t) OVER w AS before_t, LAG(checkpoint) OVER w AS before_post,
    LEAD(entry) OVER w AS next_entry, LEAD(t) OVER w AS next_t, LEAD(checkpoint) OVER w AS next_post,
    LEAD(entry, 2) OVER w AS second_entry, LEAD(entry, 3) OVER w AS third_entry,
    LEAD(day) OVER w AS next_day,
    COALESCE(LAG(day) OVER w = day, FALSE) AS before_same_day,
    COALESCE(LEAD(day) OVER w = day, FALSE) AS next_same_day,
    COALESCE(LAG(day, 2) OVER w = day, FALSE) OR COALESCE(LEAD(day, 2) OVER w = day, FALSE) AS far_same_day
  FROM (
  SELECT *, CASE WHEN inside = 1 THEN entry ELSE 1 - entry END AS turn
  FROM (
    SELECT *, COALESCE(MAX(CASE WHEN paired THEN NULL ELSE t * 2 + entry END)
      OVER (PARTITION BY person ORDER BY t), 0) % 2 AS inside
    FROM (
      SELECT *, MIN(entry) OVER (PARTITION BY person, t) <> MAX(entry) OVER (PARTITION BY person, t) AS paired
      FROM tied_events
    )
  )
  )
  WHERE person IS NOT NULL
  WINDOW w AS (PARTITION BY person ORDER BY t, turn, checkpoint, citizenship, purpose)
),
judged AS (
  SELECT *,
    CASE
      WHEN entry = 1 AND next_entry = 1 AND next_post = checkpoint
        AND next_t - t <= 600 THEN 'duplicate'
      WHEN entry = 0 AND before_entry = 0 AND before_post = checkpoint
        AND t - before_t <= 600 THEN 'duplicate'
      WHEN entry = 1 AND next_entry = 1 AND next_t - t <= 300 THEN 'two_places'
      WHEN entry = 0 AND before_entry = 0 AND t - before_t <= 300 THEN 'two_places'
      WHEN entry = 1 AND next_entry = 0 THEN 'left'
      WHEN entry = 1 AND next_entry = 1 THEN 'superseded'
      WHEN entry = 1 THEN 'open'
      WHEN before_entry = 1 THEN 'matched'
      ELSE 'unmatched'
    END AS status,
    person AS crowded
  FROM seen
)
SELECT day, entry, checkpoint, citizenship, purpose, status,
  CASE WHEN status IN ('left', 'superseded') THEN next_day - day END AS days,
  CASE WHEN status = 'left' AND (second_entry = 1 OR third_entry = 1) THEN 1 ELSE 0 END AS again,
  CASE WHEN next_t = t AND next_entry <> entry THEN 1 ELSE 0 END AS tied,
  crowded AS person, COUNT(*) AS n
FROM judged
GROUP BY day, entry, checkpoint, citizenship, purpose, status,
  CASE WHEN status IN ('left', 'superseded') THEN next_day - day END,
  CASE WHEN status = 'left' AND (second_entry = 1 OR third_entry = 1) THEN 1 ELSE 0 END,
  CASE WHEN next_t = t AND next_entry <> entry THEN 1 ELSE 0 END,
  crowded
UNION ALL
SELECT day, entry, checkpoint, citizenship, purpose, 'keyless' AS status, CAST(NULL AS INT) AS days,
  0 AS again, 0 AS tied, CAST(NULL AS STRING) AS person, COUNT(*) AS n
FROM (
  SELECT *, CASE WHEN inside = 1 THEN entry ELSE 1 - entry END AS turn
  FROM (
    SELECT *, COALESCE(MAX(CASE WHEN paired THEN NULL ELSE t * 2 + entry END)
      OVER (PARTITION BY person ORDER BY t), 0) % 2 AS inside
    FROM (
      SELECT *, MIN(entry) OVER (PARTITION BY person, t) <> MAX(entry) OVER (PARTITION BY person, t) AS paired
      FROM tied_events
    )
  )
  )
WHERE person IS NULL
GROUP BY day, entry, checkpoint, citizenship, purpose
) AS in_order
) AS together
GROUP BY day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person
HAVING SUM(n) <> 0
