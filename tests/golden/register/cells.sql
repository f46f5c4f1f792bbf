SELECT day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person, n
FROM (SELECT *, (word >> 30) & 1 AS entry, word & 1073741823 AS code FROM plain) AS counted
JOIN (
  SELECT DISTINCT CAST(post_code AS BIGINT) * 512 + told_code AS code,
    post AS checkpoint, citizen AS citizenship, aim AS purpose
  FROM words
) AS names USING (code)
