SELECT citizenship, CAST(SUM(CASE WHEN status IN ('left', 'open', 'superseded') THEN n ELSE 0 END) AS BIGINT) AS entries,
  CAST(SUM(CASE WHEN status = 'left' THEN n ELSE 0 END) AS BIGINT) AS left_seen,
  CAST(SUM(CASE WHEN status = 'open' AND day + CASE citizenship WHEN 'KGZ' THEN 30 WHEN 'RUS' THEN 90 ELSE 90 END >= 19357 THEN n ELSE 0 END) AS BIGINT) AS within_term,
  CAST(SUM(CASE WHEN status = 'superseded' OR (status = 'open' AND NOT (status = 'open' AND day + CASE citizenship WHEN 'KGZ' THEN 30 WHEN 'RUS' THEN 90 ELSE 90 END >= 19357)) THEN n ELSE 0 END) AS BIGINT)
    AS unmatched,
  CAST(SUM(CASE WHEN status = 'superseded' THEN n ELSE 0 END) AS BIGINT) AS entered_again,
  CAST(SUM(CASE WHEN status = 'unmatched' THEN n ELSE 0 END) AS BIGINT) AS exits_without_entry,
  CAST(SUM(CASE WHEN status = 'keyless' THEN n ELSE 0 END) AS BIGINT) AS keyless,
  CAST(SUM(CASE WHEN status IN ('duplicate', 'two_places') THEN n ELSE 0 END) AS BIGINT) AS repeated_scans
FROM cells
GROUP BY citizenship
ORDER BY citizenship
