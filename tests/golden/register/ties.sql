SELECT COUNT(*) AS n FROM plain_cells WHERE tied = 1
