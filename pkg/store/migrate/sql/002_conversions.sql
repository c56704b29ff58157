-- What was done: one row a run. A run that repeats the last one over the same objects
-- with the same result adds none.
CREATE TABLE conversions (
  cluster text NOT NULL,
  id uuid NOT NULL,
  verb text NOT NULL,
  direction text,
  tool_version text NOT NULL,
  scope_digest bytea NOT NULL,
  inputs_digest bytea NOT NULL,
  results_digest bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  objects bigint NOT NULL,
  converted bigint NOT NULL,
  passed bigint NOT NULL,
  failed bigint NOT NULL,
  blocking bigint NOT NULL,
  exact bigint NOT NULL,
  equivalent bigint NOT NULL,
  approximate bigint NOT NULL,
  unsupported bigint NOT NULL,
  runtime bigint NOT NULL,
  unknown bigint NOT NULL,
  PRIMARY KEY (cluster, id)
);
CREATE INDEX conversions_scope ON conversions (cluster, scope_digest, recorded_at DESC);
CREATE INDEX conversions_recorded ON conversions (cluster, recorded_at DESC);

COMMENT ON COLUMN conversions.verb IS 'record, convert or another command';
COMMENT ON COLUMN conversions.scope_digest IS 'which objects the run was about';
COMMENT ON COLUMN conversions.inputs_digest IS 'what was recorded of the inputs, secrets left out';

-- From each object to what it became: a row for each pair, target 0 for none.
CREATE TABLE conversion_objects (
  cluster text NOT NULL,
  conversion uuid NOT NULL,
  ordinal bigint NOT NULL,
  target bigint NOT NULL,
  from_api_version text NOT NULL,
  from_namespace text NOT NULL,
  from_kind text NOT NULL,
  from_name text NOT NULL,
  file text NOT NULL,
  line bigint NOT NULL,
  status text NOT NULL,
  fidelity text,
  blocking boolean NOT NULL,
  output_digest bytea NOT NULL,
  to_api_version text,
  to_namespace text,
  to_kind text,
  to_name text,
  PRIMARY KEY (cluster, conversion, ordinal, target)
);
COMMENT ON COLUMN conversion_objects.fidelity IS 'the worst of its fields; null where the object passed untouched';

-- Ledger entries worth keeping: by default neither exact nor runtime ones.
CREATE TABLE findings (
  cluster text NOT NULL,
  conversion uuid NOT NULL,
  ordinal bigint NOT NULL,
  entry bigint NOT NULL,
  id text NOT NULL,
  fidelity text NOT NULL,
  blocking boolean NOT NULL,
  absent boolean NOT NULL,
  namespace text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  path text NOT NULL,
  field text NOT NULL,
  file text NOT NULL,
  line bigint NOT NULL,
  note text,
  targets jsonb NOT NULL,
  PRIMARY KEY (cluster, conversion, ordinal, entry)
);
COMMENT ON COLUMN findings.ordinal IS 'of the object in conversion_objects';
COMMENT ON COLUMN findings.field IS 'path with [] for every index';

CREATE INDEX findings_losses ON findings (cluster, conversion, ordinal) INCLUDE (id, fidelity, blocking, field)
  WHERE blocking OR fidelity IN ('unsupported', 'unknown');

-- How each object fared in the last run that took it.
CREATE TABLE verdicts (
  cluster text NOT NULL,
  namespace text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  direction text NOT NULL,
  conversion uuid NOT NULL,
  ordinal bigint NOT NULL,
  status text NOT NULL,
  fidelity text,
  blocking boolean NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (cluster, namespace, kind, name, direction) INCLUDE (conversion, ordinal, status, fidelity, blocking)
);
