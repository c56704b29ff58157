package store

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// A table keeps one class of objects.
type table struct {
	class inventory.Class
	name  string
	own   []string // columns that only this table has
}

var tables = []table{
	{inventory.Application, "argocd_applications", []string{"project", "destination", "repository"}},
	{inventory.Config, "flux_configs", []string{"destination", "source_kind", "source_namespace", "source_name"}},
	{inventory.Repository, "git_repositories", []string{"project", "repository", "authentication_config"}},
}

// keyColumns name an object within a cluster.
var keyColumns = []string{"namespace", "kind", "name"}

// stateColumns are what every table keeps of an object.
var stateColumns = []string{
	"api_version", "target_revision", "revision", "sync_status", "health_status", "suspended", "message",
	"reconciled_at", "definition", "content_hash",
}

// stagedColumns are those of staged_objects in the order of stagedRow.
var stagedColumns = []string{
	"class", "ordinal", "namespace", "kind", "name", "api_version", "project", "destination", "repository",
	"source_kind", "source_namespace", "source_name", "target_revision", "revision", "authentication_config",
	"sync_status", "health_status", "suspended", "message", "reconciled_at", "definition", "content_hash",
}

// columns are what a table has of an object.
func (t table) columns() []string { return slices.Concat(keyColumns, stateColumns, t.own) }

// times are the columns that say when an object was seen.
var times = []string{"first_seen", "changed_at", "last_seen"}

// createStaging makes the table that changed objects are copied into. It has no
// index, and nobody else sees it.
const createStaging = `CREATE TEMPORARY TABLE staged_objects (
  class smallint, ordinal bigint, namespace text, kind text, name text, api_version text,
  project text, destination text, repository text, source_kind text, source_namespace text, source_name text,
  target_revision text, revision text, authentication_config jsonb, sync_status text, health_status text,
  suspended boolean, message text, reconciled_at timestamptz, definition jsonb, content_hash bytea
) ON COMMIT DROP`

// dropRepeats keeps the last of objects that were given more than once.
const dropRepeats = `DELETE FROM staged_objects a USING staged_objects b
WHERE a.class = b.class AND a.namespace = b.namespace AND a.kind = b.kind AND a.name = b.name AND a.ordinal < b.ordinal`

// load reads what is known of the objects of cluster $1: their keys and hashes, and
// whether they were last seen before $2.
func (t table) load() string {
	return "SELECT namespace, kind, name, content_hash, last_seen < $2 FROM " + t.name + " WHERE cluster = $1"
}

// touch notes that objects were seen as they were.
func (t table) touch() string {
	return `UPDATE ` + t.name + ` t SET last_seen = $5, reconciled_at = k.reconciled_at, message = k.message
FROM unnest($2::text[], $3::text[], $4::text[], $6::timestamptz[], $7::text[]) AS k(namespace, kind, name, reconciled_at, message)
WHERE t.cluster = $1 AND t.namespace = k.namespace AND t.kind = k.kind AND t.name = k.name`
}

// keep moves what is about to change to object_versions. A definition that stays the
// same is kept once, with the newest version that has it. What came with this very run
// ($2) is no version: it was given twice.
func (t table) keep() string {
	return fmt.Sprintf(`INSERT INTO object_versions (cluster, namespace, kind, name, seen_from, seen_until,
  target_revision, revision, sync_status, health_status, suspended, message, definition, content_hash)
SELECT t.cluster, t.namespace, t.kind, t.name, t.changed_at, t.last_seen,
  t.target_revision, t.revision, t.sync_status, t.health_status, t.suspended, t.message,
  CASE WHEN t.definition <> s.definition THEN t.definition END, t.content_hash
FROM staged_objects s
JOIN %s t ON t.cluster = $1 AND t.namespace = s.namespace AND t.kind = s.kind AND t.name = s.name
WHERE s.class = %d AND t.content_hash <> s.content_hash AND t.changed_at < $2`, t.name, t.class)
}

// merge writes what is staged.
func (t table) merge() string {
	columns := t.columns()
	list := strings.Join(columns, ", ")
	var set []string
	for _, c := range columns[len(keyColumns):] {
		set = append(set, c+" = excluded."+c)
	}
	return fmt.Sprintf(`INSERT INTO %[1]s AS t (cluster, %[2]s, first_seen, changed_at, last_seen)
SELECT $1, %[2]s, $2, $2, $2 FROM staged_objects WHERE class = %[3]d
ON CONFLICT (cluster, namespace, kind, name) DO UPDATE
SET %[4]s, changed_at = excluded.changed_at, last_seen = excluded.last_seen
WHERE t.content_hash <> excluded.content_hash`, t.name, list, t.class, strings.Join(set, ", "))
}
