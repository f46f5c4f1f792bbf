WITH ordered AS (
  SELECT k, p,
    CASE WHEN LAG(k) OVER w = k THEN LAG(p) OVER w END AS before,
    CASE WHEN LEAD(k) OVER w = k THEN LEAD(p) OVER w END AS after,
    CASE WHEN LEAD(k, 2) OVER w = k THEN LEAD(p, 2) OVER w END AS after2
  FROM crossings
  WHERE k IS NOT NULL
  WINDOW w AS (ORDER BY k, p)
),
named AS (
  SELECT k, p, after, (after >> 31) - (p >> 31) AS seconds,
    CASE
      WHEN (after & 1073741823) >> 9 <> (p & 1073741823) >> 9 AND (after >> 31) - (p >> 31) <= 300
        THEN 'two_places'
      WHEN (p >> 30) & 1 = 0 AND COALESCE((before >> 30) & 1, 0) = 0 AND (after >> 30) & 1 = 1
        AND COALESCE((after2 >> 30) & 1, 1) = 1 AND (after >> 31) - (p >> 31) BETWEEN 1 AND 43200
        THEN 'negative_stay'
    END AS oddity
  FROM ordered
),
odd AS (
  SELECT k, p, after, seconds, oddity, COUNT(*) OVER (PARTITION BY oddity) AS n
  FROM named
  WHERE oddity IS NOT NULL
),
rows_of AS (
  SELECT k, p, file, row_number
  FROM (
    SELECT k, p, file, row_number, ROW_NUMBER() OVER (PARTITION BY k, p ORDER BY file, row_number) AS same
    FROM placed
    WHERE k IN (SELECT k FROM odd)
  ) AS numbered
  WHERE same = 1
),
posts AS (
  SELECT DISTINCT post_code, post FROM words
)
SELECT oddity, a.file, a.row_number, b.file AS other_file, b.row_number AS other_row, seconds,
  c.post AS checkpoint, d.post AS next_post, n
FROM odd
JOIN rows_of AS a ON a.k = odd.k AND a.p = odd.p
JOIN rows_of AS b ON b.k = odd.k AND b.p = odd.after
JOIN posts AS c ON c.post_code = (odd.p & 1073741823) >> 9
JOIN posts AS d ON d.post_code = (odd.after & 1073741823) >> 9
ORDER BY a.file, a.row_number
LIMIT 200
