SELECT k, p FROM crossings WHERE k IN (SELECT person FROM plain WHERE tied = 1)
