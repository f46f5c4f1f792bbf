SELECT file, row_number, reason, given_time, direction, t
FROM scanned
WHERE reason IS NOT NULL
ORDER BY file, row_number
LIMIT 200
