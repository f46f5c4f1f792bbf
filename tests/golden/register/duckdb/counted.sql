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
),
packed AS (
  SELECT day * CAST(2147483648 AS BIGINT) + (p & 2147483647) AS cell,
    (CASE WHEN status IN (0, 1) THEN CAST(((after >> 31) + 631152000 + CASE WHEN (after >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) - day ELSE -2 END - -2) * 32 + status * 4 + CASE WHEN status = 0 AND ((after2 >> 30) & 1 = 1 OR (after3 >> 30) & 1 = 1) THEN 2 ELSE 0 END
      + CASE WHEN until = 0 AND after_entry <> entry THEN 1 ELSE 0 END AS fate,
    CASE WHEN LEAST(p - before2, after2 - p, after - before, CASE WHEN before_entry = entry THEN p - before END,
      CASE WHEN after_entry = entry OR until = 0 THEN after - p END) <= 201004469452800 THEN k END AS person
  FROM judged
  UNION ALL
  SELECT CAST(((p >> 31) + 631152000 + CASE WHEN (p >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) * CAST(2147483648 AS BIGINT) + (p & 2147483647) AS cell,
    28 AS fate, CAST(NULL AS BIGINT) AS person
  FROM crossings
  WHERE k IS NULL
)
SELECT CAST(cell >> 31 AS INT) AS day, cell & 2147483647 AS word,
  CASE (fate >> 2) & 7 WHEN 0 THEN 'left' WHEN 1 THEN 'superseded' WHEN 2 THEN 'open' WHEN 3 THEN 'matched' WHEN 4 THEN 'unmatched' WHEN 5 THEN 'duplicate' WHEN 6 THEN 'two_places' WHEN 7 THEN 'keyless' END AS status,
  CASE WHEN fate >= 32 THEN CAST(fate >> 5 AS INT) + -2 END AS days,
  CAST((fate >> 1) & 1 AS INT) AS again, CAST(fate & 1 AS INT) AS tied, person, n
FROM (SELECT cell, fate, person, COUNT(*) AS n FROM packed GROUP BY cell, fate, person) AS counts
