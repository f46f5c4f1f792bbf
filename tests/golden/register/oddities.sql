WITH seen AS (
  SELECT file, row_number, person, t, entry, checkpoint,
    LAG(entry) OVER w AS before_entry,
    LEAD(entry) OVER w AS next_entry, LEAD(t) OVER w AS next_t, LEAD(checkpoint) OVER w AS next_post,
    LEAD(file) OVER w AS next_file, LEAD(row_number) OVER w AS next_row,
    LEAD(entry, 2) OVER w AS second_entry
  FROM events
  WHERE person IS NOT NULL
  WINDOW w AS (PARTITION BY person ORDER BY t, entry, checkpoint, citizenship, purpose)
),
named AS (
  SELECT *,
    CASE
      WHEN next_post <> checkpoint AND next_t - t <= 300 THEN 'two_places'
      WHEN entry = 0 AND COALESCE(before_entry, 0) = 0 AND next_entry = 1 AND COALESCE(second_entry, 1) = 1
        AND next_t - t <= 43200 AND next_t > t THEN 'negative_stay'
    END AS oddity
  FROM seen
)
SELECT oddity, file, row_number, next_file AS other_file, next_row AS other_row, next_t - t AS seconds,
  checkpoint, next_post, COUNT(*) OVER (PARTITION BY oddity) AS n
FROM named
WHERE oddity IS NOT NULL
ORDER BY file, row_number
LIMIT 200
