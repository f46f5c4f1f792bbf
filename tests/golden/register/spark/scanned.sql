SELECT *,
  CASE
    WHEN NOT timed THEN 'time is empty'
    WHEN t IS NULL THEN 'time cannot be read'
    WHEN t < 631152000 OR t >= 4102444800 THEN 'time is out of range'
    WHEN direction IS NULL THEN 'direction is empty'
    WHEN entry IS NULL THEN 'direction is not in or out'
    WHEN checkpoint IS NULL THEN 'checkpoint is empty'
  END AS reason
FROM (
  SELECT _file AS file, _number AS row_number,
    NULLIF(TRIM(CAST(person AS STRING)), '') AS person,
    CAST(CASE WHEN regexp_like(TRIM(time), '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$') THEN unix_seconds(CAST(TRY_CAST(TRIM(time) AS TIMESTAMP) AS TIMESTAMP)) END AS BIGINT) AS t,
    time IS NOT NULL AS timed, NULLIF(TRIM(CAST(time AS STRING)), '') AS given_time,
    LOWER(NULLIF(TRIM(CAST(direction AS STRING)), '')) AS direction,
    CASE LOWER(NULLIF(TRIM(CAST(direction AS STRING)), '')) WHEN 'in' THEN 1 WHEN 'out' THEN 0 END AS entry,
    NULLIF(TRIM(CAST(checkpoint AS STRING)), '') AS checkpoint,
    COALESCE(NULLIF(TRIM(CAST(citizenship AS STRING)), ''), 'unknown') AS citizenship,
    COALESCE(CAST(NULL AS STRING), 'unknown') AS purpose,
    CAST(NULL AS STRING) AS document, CAST(NULL AS STRING) AS born, CAST(NULL AS STRING) AS sex
  FROM raw_0
  UNION ALL
  SELECT _file AS file, _row + 1 AS row_number,
    NULLIF(TRIM(CAST(person AS STRING)), '') AS person,
    CAST(unix_seconds(CAST(time AS TIMESTAMP)) AS BIGINT) AS t,
    time IS NOT NULL AS timed, CAST(NULL AS STRING) AS given_time,
    LOWER(NULLIF(TRIM(CAST(direction AS STRING)), '')) AS direction,
    CASE LOWER(NULLIF(TRIM(CAST(direction AS STRING)), '')) WHEN 'in' THEN 1 WHEN 'out' THEN 0 END AS entry,
    NULLIF(TRIM(CAST(checkpoint AS STRING)), '') AS checkpoint,
    COALESCE(NULLIF(TRIM(CAST(citizenship AS STRING)), ''), 'unknown') AS citizenship,
    COALESCE(NULLIF(TRIM(CAST(purpose AS STRING)), ''), 'unknown') AS purpose,
    CAST(NULL AS STRING) AS document, CAST(NULL AS STRING) AS born, CAST(NULL AS STRING) AS sex
  FROM raw_1
  UNION ALL
  SELECT _file AS file, _row + 1 AS row_number,
    NULLIF(TRIM(CAST(person AS STRING)), '') AS person,
    CAST(time DIV 1000000000 AS BIGINT) AS t,
    time IS NOT NULL AS timed, CAST(NULL AS STRING) AS given_time,
    LOWER(NULLIF(TRIM(CAST(direction AS STRING)), '')) AS direction,
    CASE LOWER(NULLIF(TRIM(CAST(direction AS STRING)), '')) WHEN 'in' THEN 1 WHEN 'out' THEN 0 END AS entry,
    NULLIF(TRIM(CAST(checkpoint AS STRING)), '') AS checkpoint,
    COALESCE(NULLIF(TRIM(CAST(citizenship AS STRING)), ''), 'unknown') AS citizenship,
    COALESCE(CAST(NULL AS STRING), 'unknown') AS purpose,
    CAST(NULL AS STRING) AS document, CAST(NULL AS STRING) AS born, CAST(NULL AS STRING) AS sex
  FROM raw_2
)
