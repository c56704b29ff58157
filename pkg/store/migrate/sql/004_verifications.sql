-- What `verify` found: one row a run. A run that repeats the last one over the same
-- deployments with the same findings adds none.
CREATE TABLE verifications (
  cluster text NOT NULL,
  id uuid NOT NULL,
  tool_version text NOT NULL,
  scope_digest bytea NOT NULL,
  results_digest bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  deployments bigint NOT NULL,
  good bigint NOT NULL,
  PRIMARY KEY (cluster, id)
);
CREATE INDEX verifications_scope ON verifications (cluster, scope_digest, recorded_at DESC);

-- What was found about each deployment.
CREATE TABLE verified_deployments (
  cluster text NOT NULL,
  verification uuid NOT NULL,
  ordinal bigint NOT NULL,
  tool text NOT NULL,
  namespace text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  file text NOT NULL,
  line bigint NOT NULL,
  counterpart jsonb NOT NULL,
  paired_by text,
  good boolean NOT NULL,
  content text NOT NULL,
  objects bigint NOT NULL,
  differences jsonb NOT NULL,
  reasons jsonb NOT NULL,
  fields bigint NOT NULL,
  unknown bigint NOT NULL,
  invalid bigint NOT NULL,
  PRIMARY KEY (cluster, verification, ordinal)
);
COMMENT ON COLUMN verified_deployments.counterpart IS 'the objects of the other side; empty where there are none';
COMMENT ON COLUMN verified_deployments.differences IS 'objects and paths that differ; never their values';

-- The rows of each deployment's policy that are not the same.
CREATE TABLE verified_policies (
  cluster text NOT NULL,
  verification uuid NOT NULL,
  ordinal bigint NOT NULL,
  policy text NOT NULL,
  verdict text NOT NULL,
  accepted boolean NOT NULL,
  left_value text NOT NULL,
  right_value text NOT NULL,
  meaning text NOT NULL,
  PRIMARY KEY (cluster, verification, ordinal, policy)
);

-- Deployments as the last run that took them found them.
CREATE VIEW stats_verified AS
SELECT DISTINCT ON (d.cluster, d.tool, d.namespace, d.kind, d.name)
  d.cluster, d.tool, d.namespace, d.kind, d.name, d.good, d.content,
  jsonb_array_length(d.differences) AS differences,
  (SELECT count(*) FROM verified_policies p
   WHERE p.cluster = d.cluster AND p.verification = d.verification AND p.ordinal = d.ordinal AND NOT p.accepted) AS policies,
  v.recorded_at
FROM verified_deployments d
JOIN verifications v ON v.cluster = d.cluster AND v.id = d.verification
ORDER BY d.cluster, d.tool, d.namespace, d.kind, d.name, v.recorded_at DESC, d.ordinal;
