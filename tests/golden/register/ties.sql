SELECT COUNT(*) AS n FROM plain WHERE tied = 1
