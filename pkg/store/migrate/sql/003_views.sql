-- What `kubectl gitops stats` prints, for psql, Grafana and Metabase. Every view has the
-- cluster in its first column: restrict it there.

-- Everything that deploys or is deployed by, in one shape.
CREATE VIEW gitops_objects AS
SELECT cluster, 'argocd' AS tool, namespace, kind, name, project, destination, repository,
       target_revision, revision, sync_status, health_status, suspended, message,
       reconciled_at, first_seen, changed_at, last_seen
FROM argocd_applications
UNION ALL
SELECT f.cluster, 'flux', f.namespace, f.kind, f.name, NULL, f.destination, r.repository,
       coalesce(f.target_revision, r.target_revision), f.revision, f.sync_status, f.health_status, f.suspended, f.message,
       f.reconciled_at, f.first_seen, f.changed_at, f.last_seen
FROM flux_configs f
LEFT JOIN git_repositories r ON r.cluster = f.cluster AND r.namespace = f.source_namespace
  AND r.kind = f.source_kind AND r.name = f.source_name;

CREATE VIEW stats_sync AS
SELECT cluster, tool, kind, sync_status, count(*) AS objects
FROM gitops_objects
GROUP BY cluster, tool, kind, sync_status;

CREATE VIEW stats_health AS
SELECT cluster, tool, kind, health_status, count(*) AS objects
FROM gitops_objects
GROUP BY cluster, tool, kind, health_status;

CREATE VIEW stats_clusters AS
SELECT cluster, tool, destination,
       count(*) AS objects,
       count(*) FILTER (WHERE sync_status = 'Synced') AS synced,
       count(*) FILTER (WHERE sync_status = 'OutOfSync') AS out_of_sync,
       count(*) FILTER (WHERE health_status = 'Healthy') AS healthy,
       count(*) FILTER (WHERE health_status = 'Degraded') AS degraded,
       count(*) FILTER (WHERE suspended) AS suspended
FROM gitops_objects
GROUP BY cluster, tool, destination;

CREATE VIEW stats_projects AS
SELECT cluster, project,
       count(*) AS objects,
       count(*) FILTER (WHERE sync_status = 'Synced') AS synced,
       count(*) FILTER (WHERE sync_status = 'OutOfSync') AS out_of_sync,
       count(*) FILTER (WHERE health_status = 'Healthy') AS healthy,
       count(*) FILTER (WHERE health_status = 'Degraded') AS degraded
FROM argocd_applications
WHERE kind = 'Application'
GROUP BY cluster, project;

CREATE VIEW stats_repositories AS
SELECT cluster, repository,
       count(*) AS objects,
       count(DISTINCT target_revision) AS target_revisions,
       count(DISTINCT revision) AS revisions,
       count(*) FILTER (WHERE sync_status = 'Synced') AS synced,
       count(*) FILTER (WHERE health_status = 'Degraded') AS degraded
FROM gitops_objects
WHERE repository IS NOT NULL
GROUP BY cluster, repository;

CREATE VIEW stats_revisions AS
SELECT cluster, repository, revision, count(*) AS objects
FROM gitops_objects
WHERE repository IS NOT NULL AND revision IS NOT NULL
GROUP BY cluster, repository, revision;

CREATE VIEW stats_failing AS
SELECT cluster, namespace, kind, name, sync_status, health_status, changed_at, message
FROM gitops_objects
WHERE sync_status = 'Unknown' OR health_status IN ('Degraded', 'Missing', 'Unknown');

-- Stale: nobody has looked at it, or it has waited, for a day.
CREATE VIEW stats_stale AS
WITH newest AS (
  SELECT cluster, max(last_seen) AS last_seen FROM conversions GROUP BY cluster
)
SELECT o.cluster, o.namespace, o.kind, o.name,
       CASE
         WHEN o.last_seen < n.last_seen - interval '1 day' THEN 'not seen'
         WHEN o.reconciled_at < o.last_seen - interval '1 day' THEN 'not reconciled'
         ELSE 'out of sync'
       END AS reason,
       o.sync_status, o.reconciled_at, o.changed_at, o.last_seen
FROM gitops_objects o
JOIN newest n USING (cluster)
WHERE NOT o.suspended AND (
  o.last_seen < n.last_seen - interval '1 day'
  OR o.reconciled_at < o.last_seen - interval '1 day'
  OR o.sync_status = 'OutOfSync' AND o.changed_at < o.last_seen - interval '1 day');

-- Each object counts once, by the worst that its last conversion says of it.
CREATE VIEW stats_readiness AS
SELECT cluster, direction, kind,
       count(*) AS objects,
       count(*) FILTER (WHERE class = 'exact') AS exact,
       count(*) FILTER (WHERE class = 'equivalent') AS equivalent,
       count(*) FILTER (WHERE class = 'approximate') AS approximate,
       count(*) FILTER (WHERE class = 'unsupported') AS unsupported,
       count(*) FILTER (WHERE class = 'blocked') AS blocked,
       count(*) FILTER (WHERE class = 'not converted') AS not_converted,
       round(100.0 * count(*) FILTER (WHERE class IN ('exact', 'equivalent')) / count(*), 1)::float8 AS ready_percent
FROM (
  SELECT cluster, direction, kind,
         CASE
           WHEN status <> 'converted' THEN 'not converted'
           WHEN blocking THEN 'blocked'
           WHEN fidelity IN ('unsupported', 'unknown') THEN 'unsupported'
           WHEN fidelity IN ('approximate', 'equivalent') THEN fidelity
           ELSE 'exact'
         END AS class
  FROM verdicts
) v
GROUP BY cluster, direction, kind;

-- What is lost most often, in the last conversion of each object.
CREATE VIEW stats_unsupported AS
SELECT cluster, direction, id, fidelity, blocking, field, count(*) AS objects, sum(fields)::bigint AS fields
FROM (
  SELECT f.cluster, v.direction, f.id, f.fidelity, f.blocking, f.field, count(*) AS fields
  FROM findings f
  JOIN verdicts v ON v.cluster = f.cluster AND v.conversion = f.conversion AND v.ordinal = f.ordinal
  WHERE f.blocking OR f.fidelity IN ('unsupported', 'unknown')
  GROUP BY f.cluster, f.conversion, f.ordinal, v.direction, f.id, f.fidelity, f.blocking, f.field
) o
GROUP BY cluster, direction, id, fidelity, blocking, field;

CREATE VIEW stats_runs AS
SELECT cluster, id::text AS run, verb, direction, tool_version, recorded_at, last_seen,
       objects, converted, passed, failed, blocking, approximate, unsupported, unknown
FROM conversions;

-- Every state of every object: what is, and what was.
CREATE VIEW gitops_history AS
SELECT cluster, namespace, kind, name, seen_from, seen_until, sync_status, health_status, suspended,
       target_revision, revision, message, definition, content_hash
FROM object_versions
UNION ALL
SELECT cluster, namespace, kind, name, changed_at, last_seen, sync_status, health_status, suspended,
       target_revision, revision, message, definition, content_hash
FROM argocd_applications
UNION ALL
SELECT cluster, namespace, kind, name, changed_at, last_seen, sync_status, health_status, suspended,
       target_revision, revision, message, definition, content_hash
FROM flux_configs
UNION ALL
SELECT cluster, namespace, kind, name, changed_at, last_seen, sync_status, health_status, suspended,
       target_revision, revision, message, definition, content_hash
FROM git_repositories;

-- The functions are in PL/pgSQL, as Citus does not run those in SQL over its tables.

-- The last state of every object of a cluster that was known at a time.
CREATE FUNCTION gitops_states(of_cluster text, at timestamptz)
RETURNS TABLE (namespace text, kind text, name text, state text, content_hash bytea, seen_until timestamptz)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT DISTINCT ON (h.namespace, h.kind, h.name) h.namespace, h.kind, h.name,
         concat_ws(' ', h.sync_status, h.health_status, CASE WHEN h.suspended THEN 'suspended' END, h.revision),
         h.content_hash, h.seen_until
  FROM gitops_history h
  WHERE h.cluster = of_cluster AND h.seen_from <= at
  ORDER BY h.namespace, h.kind, h.name, h.seen_from DESC;
END
$$;

-- What two conversions make of the same objects. What is equal in both goes first: it is
-- nearly all.
CREATE FUNCTION gitops_conversion_changes(of_cluster text, before uuid, after uuid)
RETURNS TABLE (change text, namespace text, kind text, name text, was text, now text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH differing AS (
    SELECT from_namespace, from_kind, from_name
    FROM conversion_objects
    WHERE cluster = of_cluster AND conversion IN (before, after) AND from_name <> ''
    GROUP BY from_namespace, from_kind, from_name, target, status, fidelity, blocking, output_digest, to_kind, to_namespace, to_name
    HAVING count(*) FILTER (WHERE conversion = before) <> count(*) FILTER (WHERE conversion = after)
  ), o AS (
    SELECT conversion, from_namespace, from_kind, from_name,
           concat_ws(', ', min(status), min(fidelity), CASE WHEN bool_or(blocking) THEN 'blocked' END,
             'to ' || string_agg(DISTINCT to_kind || ' ' || ltrim(to_namespace || '/' || to_name, '/'), ' ')) AS fate
    FROM conversion_objects
    WHERE cluster = of_cluster AND conversion IN (before, after)
      AND (from_namespace, from_kind, from_name) IN (SELECT from_namespace, from_kind, from_name FROM differing)
    GROUP BY conversion, from_namespace, from_kind, from_name
  ), a AS (SELECT * FROM o WHERE conversion = before), b AS (SELECT * FROM o WHERE conversion = after)
  SELECT CASE WHEN a.conversion IS NULL THEN 'added' WHEN b.conversion IS NULL THEN 'removed'
              WHEN a.fate <> b.fate THEN 'changed' ELSE 'output changed' END,
         from_namespace, from_kind, from_name, a.fate, b.fate
  FROM a FULL JOIN b USING (from_namespace, from_kind, from_name)
  UNION ALL
  SELECT CASE WHEN bool_and(conversion = after) THEN 'finding new' ELSE 'finding gone' END, namespace, kind, name,
         CASE WHEN bool_and(conversion = before) THEN id || ' ' || path END,
         CASE WHEN bool_and(conversion = after) THEN id || ' ' || path END
  FROM findings
  WHERE cluster = of_cluster AND conversion IN (before, after)
  GROUP BY namespace, kind, name, id, path
  HAVING bool_and(conversion = before) OR bool_and(conversion = after);
END
$$;

-- What changed in a cluster between two times. Times of last sight are exact to the
-- hour, and so is what is gone.
CREATE FUNCTION gitops_object_changes(of_cluster text, before timestamptz, after timestamptz)
RETURNS TABLE (change text, namespace text, kind text, name text, was text, now text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT CASE WHEN a.content_hash IS NULL THEN 'added' WHEN b.seen_until < after - interval '1 hour' THEN 'gone'
              ELSE 'changed' END,
         namespace, kind, name, a.state, b.state
  FROM gitops_states(of_cluster, before) a FULL JOIN gitops_states(of_cluster, after) b USING (namespace, kind, name)
  WHERE a.content_hash IS DISTINCT FROM b.content_hash
     OR b.seen_until < after - interval '1 hour' AND b.seen_until >= before - interval '1 hour';
END
$$;
