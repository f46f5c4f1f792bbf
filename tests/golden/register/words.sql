SELECT *, DENSE_RANK() OVER (ORDER BY post) - 1 AS post_code, DENSE_RANK() OVER (ORDER BY citizen, aim) - 1 AS told_code
FROM (
  SELECT direction, checkpoint, citizenship, purpose,
    CASE LOWER(NULLIF(TRIM(direction), '')) WHEN 'in' THEN 1 WHEN 'out' THEN 0 END AS way,
    COALESCE(NULLIF(TRIM(checkpoint), ''), '') AS post, COALESCE(NULLIF(TRIM(citizenship), ''), 'unknown') AS citizen,
    COALESCE(NULLIF(TRIM(purpose), ''), 'unknown') AS aim,
    CASE
      WHEN NULLIF(TRIM(direction), '') IS NULL THEN 4
      WHEN LOWER(NULLIF(TRIM(direction), '')) NOT IN ('in', 'out') THEN 5
      WHEN NULLIF(TRIM(checkpoint), '') IS NULL THEN 6
      ELSE 0
    END AS fault
  FROM (SELECT DISTINCT direction, checkpoint, citizenship, purpose FROM written) AS together
) AS meant
