WITH ordered AS (
  SELECT k, p,
    CASE WHEN LAG(k) OVER w = k THEN LAG(p) OVER w END AS before,
    CASE WHEN LAG(k, 2) OVER w = k THEN LAG(p, 2) OVER w END AS before2,
    CASE WHEN LEAD(k) OVER w = k THEN LEAD(p) OVER w END AS after,
    CASE WHEN LEAD(k, 2) OVER w = k THEN LEAD(p, 2) OVER w END AS after2,
    CASE WHEN LEAD(k, 3) OVER w = k THEN LEAD(p, 3) OVER w END AS after3
  FROM (
  SELECT k, p, CASE WHEN inside = 1 THEN p ELSE p - 1073741824 * ((p >> 30) & 1) + 1073741824 * (1 - ((p >> 30) & 1)) END AS q
  FROM (
    SELECT *, COALESCE(MAX(CASE WHEN paired THEN NULL ELSE p >> 30 END)
      OVER (PARTITION BY k ORDER BY p >> 31), 0) & 1 AS inside
    FROM (
      SELECT *, MIN((p >> 30) & 1) OVER (PARTITION BY k, p >> 31)
        <> MAX((p >> 30) & 1) OVER (PARTITION BY k, p >> 31) AS paired
      FROM (SELECT k, p FROM crossings WHERE k % 4 IN (0, -4)) AS of_part
      WHERE k IS NOT NULL
    ) AS pairs
  ) AS turns
  ) AS turned
  WHERE k IS NOT NULL
  WINDOW w AS (ORDER BY k, q)
),
seen AS (
  SELECT k, p, before, before2, after, after2, after3,
    (p >> 30) & 1 AS entry, (before >> 30) & 1 AS before_entry, (after >> 30) & 1 AS after_entry,
    (p >> 31) - (before >> 31) AS since, (after >> 31) - (p >> 31) AS until,
    (p & 1073741823) >> 9 AS post, (before & 1073741823) >> 9 AS before_post, (after & 1073741823) >> 9 AS after_post,
    CAST(((p >> 31) + 631152000 + CASE WHEN (p >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS day
  FROM ordered
),
judged AS (
  SELECT *,
    CASE
      WHEN entry = 1 AND after_entry = 0 THEN 0
      WHEN entry = 0 AND before_entry = 1 THEN 3
      WHEN entry = 1 AND after_entry = 1 AND after_post = post AND until <= 600 THEN 5
      WHEN entry = 0 AND before_entry = 0 AND before_post = post AND since <= 600 THEN 5
      WHEN entry = 1 AND after_entry = 1 AND until <= 300 THEN 6
      WHEN entry = 0 AND before_entry = 0 AND since <= 300 THEN 6
      WHEN entry = 1 AND after_entry = 1 THEN 1
      WHEN entry = 1 THEN 2
      ELSE 4
    END AS status
  FROM seen
)
SELECT k AS person, citizenship, day AS entry, CASE WHEN status = 0 THEN CAST(((after >> 31) + 631152000 + CASE WHEN (after >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) END AS exit
FROM judged
JOIN (SELECT DISTINCT told_code, citizen AS citizenship FROM words) AS told
  ON told_code = (p & 511)
WHERE status IN (0, 1, 2)
ORDER BY person, p
