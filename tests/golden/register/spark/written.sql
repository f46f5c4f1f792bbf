SELECT _file AS file, _number AS row_number, CAST(person AS STRING) AS person,
  CAST(CASE WHEN regexp_like(TRIM(time), '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$') THEN unix_seconds(CAST(TRY_CAST(TRIM(time) AS TIMESTAMP) AS TIMESTAMP)) END AS BIGINT) AS t, COALESCE(TRIM(time) <> '', FALSE) AS timed, CAST(time AS STRING) AS given_time,
  CAST(direction AS STRING) AS direction, CAST(checkpoint AS STRING) AS checkpoint, CAST(citizenship AS STRING) AS citizenship,
  CAST(NULL AS STRING) AS purpose, CAST(NULL AS STRING) AS document, CAST(NULL AS STRING) AS name, CAST(NULL AS STRING) AS born, CAST(NULL AS STRING) AS sex
FROM raw_0
UNION ALL
SELECT _file AS file, _row + 1 AS row_number, CAST(person AS STRING) AS person,
  CAST(unix_seconds(CAST(time AS TIMESTAMP)) AS BIGINT) AS t, COALESCE(time IS NOT NULL, FALSE) AS timed, CAST(NULL AS STRING) AS given_time,
  CAST(direction AS STRING) AS direction, CAST(checkpoint AS STRING) AS checkpoint, CAST(citizenship AS STRING) AS citizenship,
  CAST(purpose AS STRING) AS purpose, CAST(NULL AS STRING) AS document, CAST(NULL AS STRING) AS name, CAST(NULL AS STRING) AS born, CAST(NULL AS STRING) AS sex
FROM raw_1
UNION ALL
SELECT _file AS file, _row + 1 AS row_number, CAST(person AS STRING) AS person,
  CAST(time DIV 1000000000 AS BIGINT) AS t, COALESCE(time IS NOT NULL, FALSE) AS timed, CAST(NULL AS STRING) AS given_time,
  CAST(direction AS STRING) AS direction, CAST(checkpoint AS STRING) AS checkpoint, CAST(citizenship AS STRING) AS citizenship,
  CAST(NULL AS STRING) AS purpose, CAST(NULL AS STRING) AS document, CAST(NULL AS STRING) AS name, CAST(NULL AS STRING) AS born, CAST(NULL AS STRING) AS sex
FROM raw_2
