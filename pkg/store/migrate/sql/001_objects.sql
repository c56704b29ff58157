-- What was seen. Every table carries the cluster first in its key, so that a distributed
-- PostgreSQL can shard on it; nothing is numbered by a sequence.
--
-- The keys include what statistics ask for, so that these read the index alone and not
-- the tables, which are wide with definitions. One wide index in the order of the input
-- is cheaper to write than two.

CREATE TABLE argocd_applications (
  cluster text NOT NULL,
  namespace text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  api_version text NOT NULL,
  project text,
  destination text,
  repository text,
  target_revision text,
  revision text,
  sync_status text,
  health_status text,
  suspended boolean NOT NULL,
  message text,
  reconciled_at timestamptz,
  definition jsonb NOT NULL,
  content_hash bytea NOT NULL,
  first_seen timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  PRIMARY KEY (cluster, namespace, kind, name) INCLUDE (
    project, destination, repository, target_revision, revision, sync_status, health_status, suspended,
    reconciled_at, first_seen, changed_at, last_seen)
);

CREATE TABLE flux_configs (
  cluster text NOT NULL,
  namespace text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  api_version text NOT NULL,
  destination text,
  source_kind text,
  source_namespace text,
  source_name text,
  target_revision text,
  revision text,
  sync_status text,
  health_status text,
  suspended boolean NOT NULL,
  message text,
  reconciled_at timestamptz,
  definition jsonb NOT NULL,
  content_hash bytea NOT NULL,
  first_seen timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  PRIMARY KEY (cluster, namespace, kind, name) INCLUDE (
    destination, source_kind, source_namespace, source_name, target_revision, revision, sync_status, health_status,
    suspended, reconciled_at, first_seen, changed_at, last_seen)
);

CREATE TABLE git_repositories (
  cluster text NOT NULL,
  namespace text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  api_version text NOT NULL,
  project text,
  repository text,
  target_revision text,
  revision text,
  authentication_config jsonb NOT NULL,
  sync_status text,
  health_status text,
  suspended boolean NOT NULL,
  message text,
  reconciled_at timestamptz,
  definition jsonb NOT NULL,
  content_hash bytea NOT NULL,
  first_seen timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  PRIMARY KEY (cluster, namespace, kind, name) INCLUDE (repository, target_revision)
);

-- What was there before the last change of an object, from when to when it was seen.
CREATE TABLE object_versions (
  cluster text NOT NULL,
  namespace text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  seen_from timestamptz NOT NULL,
  seen_until timestamptz NOT NULL,
  target_revision text,
  revision text,
  sync_status text,
  health_status text,
  suspended boolean NOT NULL,
  message text,
  definition jsonb,
  content_hash bytea NOT NULL,
  PRIMARY KEY (cluster, namespace, kind, name, seen_from)
);

COMMENT ON COLUMN argocd_applications.last_seen IS 'kept to the hour: a recording that changes nothing writes nothing within one';
COMMENT ON COLUMN argocd_applications.definition IS 'what a person wrote, without status and without secrets';
COMMENT ON COLUMN git_repositories.authentication_config IS 'the kind of credential and the Secrets that hold it, never a value';

CREATE INDEX argocd_applications_failing ON argocd_applications (cluster, namespace, kind, name)
  WHERE sync_status = 'Unknown' OR health_status IN ('Degraded', 'Missing', 'Unknown');
CREATE INDEX flux_configs_failing ON flux_configs (cluster, namespace, kind, name)
  WHERE sync_status = 'Unknown' OR health_status IN ('Degraded', 'Missing', 'Unknown');
