SELECT person, t, day, entry, checkpoint, citizenship, purpose
FROM events
WHERE person IN (SELECT person FROM plain_cells WHERE tied = 1)
