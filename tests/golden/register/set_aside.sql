SELECT file, row_number, -p AS fault, given_time, direction, t
FROM placed
WHERE p < 0
ORDER BY file, row_number
LIMIT 200
