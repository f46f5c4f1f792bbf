SELECT file, row_number, person, t, CAST(FLOOR((t + CASE WHEN t < 1667091600 THEN 7200 ELSE 3600 END) / 8.64E4) AS INT) AS day, entry,
  checkpoint, citizenship, purpose, document, born, sex
FROM scanned
WHERE reason IS NULL AND t < 1672527600
