SELECT checkpoint, day
FROM cells
GROUP BY checkpoint, day
ORDER BY checkpoint, day
