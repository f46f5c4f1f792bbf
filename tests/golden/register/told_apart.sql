SELECT t, CAST(((p >> 31) + 631152000 + CASE WHEN (p >> 31) + 631152000 < 1667091600 THEN 7200 ELSE 3600 END) // 86400 AS INT) AS day, CASE (p >> 30) & 1 WHEN 1 THEN 'in' ELSE 'out' END AS direction,
  post AS checkpoint, citizen AS citizenship, NULLIF(TRIM(document), '') AS document, NULLIF(TRIM(name), '') AS name, NULLIF(TRIM(born), '') AS born, NULLIF(TRIM(sex), '') AS sex
FROM placed
JOIN (SELECT DISTINCT post_code, told_code, post, citizen FROM words) AS meant
  ON post_code = (p & 1073741823) >> 9 AND told_code = (p & 511)
WHERE p >= 0 AND t < 1672527600
ORDER BY t, file, row_number
