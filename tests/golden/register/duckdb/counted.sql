WITH ordered AS (
  SELECT k, p,
    CASE WHEN LAG(k) OVER w = k THEN LAG(p) OVER w END AS before,
    CASE WHEN LAG(k, 2) OVER w = k THEN LAG(p, 2) OVER w END AS before2,
    CASE WHEN LEAD(k) OVER w = k THEN LEAD(p) OVER w END AS after,
    CASE WHEN LEAD(k, 2) OVER w = k THEN LEAD(p, 2) OVER w END AS after2,
    CASE WHEN LEAD(k, 3) OVER w = k THEN LEAD(p, 3) OVER w END AS after3
  FROM crossings
  WHERE k IS NOT NULL
  WINDOW w AS (ORDER BY k, p)
),
seen AS (
  SELECT k, p, after2, after3,
    (p >> 30) & 1 AS entry, (before >> 30) & 1 AS before_entry, (after >> 30) & 1 AS after_entry,
    p >> 31 AS t, before >> 31 AS before_t, after >> 31 AS after_t,
    (p & 1073741823) >> 9 AS post, (before & 1073741823) >> 9 AS before_post, (after & 1073741823) >> 9 AS after_post,
    CAST(((p >> 31) + 631152000 + CASE WHEN (p >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS day, CAST(((before >> 31) + 631152000 + CASE WHEN (before >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS before_day, CAST(((after >> 31) + 631152000 + CASE WHEN (after >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS after_day,
    CAST(((before2 >> 31) + 631152000 + CASE WHEN (before2 >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS before2_day, CAST(((after2 >> 31) + 631152000 + CASE WHEN (after2 >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS after2_day
  FROM ordered
),
judged AS (
  SELECT *,
    CASE
      WHEN entry = 1 AND after_entry = 1 AND after_post = post AND after_t - t <= 600
        THEN 'duplicate'
      WHEN entry = 0 AND before_entry = 0 AND before_post = post AND t - before_t <= 600
        THEN 'duplicate'
      WHEN entry = 1 AND after_entry = 1 AND after_t - t <= 300 THEN 'two_places'
      WHEN entry = 0 AND before_entry = 0 AND t - before_t <= 300 THEN 'two_places'
      WHEN entry = 1 AND after_entry = 0 THEN 'left'
      WHEN entry = 1 AND after_entry = 1 THEN 'superseded'
      WHEN entry = 1 THEN 'open'
      WHEN before_entry = 1 THEN 'matched'
      ELSE 'unmatched'
    END AS status,
    CASE WHEN before2_day = day OR after2_day = day OR (before_day = day AND after_day = day)
      OR (before_day = day AND before_entry = entry) OR (after_day = day AND after_entry = entry)
      OR (after_t = t AND after_entry <> entry)
      THEN k END AS person
  FROM seen
)
SELECT day, p & 2147483647 AS word, status, CASE WHEN status IN ('left', 'superseded') THEN after_day - day END AS days, CASE WHEN status = 'left' AND ((after2 >> 30) & 1 = 1 OR (after3 >> 30) & 1 = 1) THEN 1 ELSE 0 END AS again, CASE WHEN after_t = t AND after_entry <> entry THEN 1 ELSE 0 END AS tied,
  person, COUNT(*) AS n
FROM judged
GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL
SELECT CAST(((p >> 31) + 631152000 + CASE WHEN (p >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS day, p & 2147483647 AS word, 'keyless' AS status, CAST(NULL AS INT) AS days,
  0 AS again, 0 AS tied, CAST(NULL AS BIGINT) AS person, COUNT(*) AS n
FROM crossings
WHERE k IS NULL
GROUP BY 1, 2
