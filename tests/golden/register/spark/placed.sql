SELECT file, row_number, given_time, LOWER(TRIM(direction)) AS direction, t, document, name, born, sex,
  CASE WHEN person <> '' THEN xxhash64(person) END AS k,
  CASE
    WHEN fault = 0 AND t >= 631152000 AND t < 4102444800 THEN ((t - 631152000) * 2 + way) * 1073741824 + word
    WHEN NOT timed THEN -1
    WHEN t IS NULL THEN -2
    WHEN t < 631152000 OR t >= 4102444800 THEN -3
    ELSE -fault
  END AS p
FROM (
  SELECT file, row_number, given_time, a.direction, t, timed, CASE WHEN person LIKE ' %' OR person LIKE '% ' THEN TRIM(person) ELSE person END AS person, fault, document, name, born, sex,
    CAST(way AS BIGINT) AS way, CAST(post_code AS BIGINT) * 512 + told_code AS word
  FROM written AS a JOIN words AS b
    ON a.direction IS NOT DISTINCT FROM b.direction AND a.checkpoint IS NOT DISTINCT FROM b.checkpoint
    AND a.citizenship IS NOT DISTINCT FROM b.citizenship AND a.purpose IS NOT DISTINCT FROM b.purpose
) AS read
