// Package analysis answers what platform teams ask of an installation: from a database,
// by its views, or from objects at hand, by counting the same in memory.
package analysis

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
)

// A Report is a question that can be asked of a database and of objects at hand.
type Report struct {
	Name, Summary string
	// View is the view of the database that answers; its columns are Columns.
	View    string
	Columns []string
	// largest is the column by which rows are sorted from the largest value down; without
	// one they are sorted by their columns.
	largest string
	// count answers from objects at hand.
	count func(*Estate) [][]any
}

// Reports are the questions, in the order in which they are listed.
func Reports() []Report {
	return []Report{
		{"sync", "objects by sync status", "stats_sync",
			[]string{"cluster", "tool", "kind", "sync_status", "objects"}, "", bySync},
		{"health", "objects by health", "stats_health",
			[]string{"cluster", "tool", "kind", "health_status", "objects"}, "", byHealth},
		{"clusters", "objects by the cluster that they deploy to", "stats_clusters",
			[]string{"cluster", "tool", "destination", "objects", "synced", "out_of_sync", "healthy", "degraded", "suspended"}, "", byCluster},
		{"projects", "Applications by project", "stats_projects",
			[]string{"cluster", "project", "objects", "synced", "out_of_sync", "healthy", "degraded"}, "", byProject},
		{"repositories", "objects by repository", "stats_repositories",
			[]string{"cluster", "repository", "objects", "target_revisions", "revisions", "synced", "degraded"}, "objects", byRepository},
		{"revisions", "which revisions of each repository are deployed", "stats_revisions",
			[]string{"cluster", "repository", "revision", "objects"}, "", byRevision},
		{"failing", "what is degraded, missing or unknown", "stats_failing",
			[]string{"cluster", "namespace", "kind", "name", "sync_status", "health_status", "changed_at", "message"}, "", failing},
		{"stale", "what nobody has looked at, or has waited, for a day", "stats_stale",
			[]string{"cluster", "namespace", "kind", "name", "reason", "sync_status", "reconciled_at", "changed_at", "last_seen"}, "", stale},
		{"readiness", "how much of it crosses to the other tool, and how well", "stats_readiness",
			[]string{"cluster", "direction", "kind", "objects", "exact", "equivalent", "approximate", "unsupported", "blocked", "not_converted", "ready_percent"}, "", readiness},
		{"unsupported", "fields that are lost most often on the way", "stats_unsupported",
			[]string{"cluster", "direction", "id", "fidelity", "blocking", "field", "objects", "fields"}, "objects", unsupported},
		{"runs", "what was recorded when", "stats_runs",
			[]string{"cluster", "run", "verb", "direction", "tool_version", "recorded_at", "last_seen", "objects", "converted", "passed", "failed", "blocking", "approximate", "unsupported", "unknown"}, "recorded_at", nil},
		{"verified", "what verify last found about each deployment", "stats_verified",
			[]string{"cluster", "tool", "namespace", "kind", "name", "good", "content", "differences", "policies", "recorded_at"}, "", nil},
	}
}

// Find returns the report of that name.
func Find(name string) (Report, bool) {
	for _, r := range Reports() {
		if r.Name == name {
			return r, true
		}
	}
	return Report{}, false
}

// Recorded tells whether only a database can answer.
func (r Report) Recorded() bool { return r.count == nil }

// Converted tells whether the answer needs a conversion of the objects.
func (r Report) Converted() bool { return r.Name == "readiness" || r.Name == "unsupported" }

// Of answers from objects at hand.
func (r Report) Of(e *Estate) report.Table { return r.Sorted(r.count(e)) }

// Sorted returns rows as a table in the report's order: databases sort by the rules of
// their locale, or not at all.
func (r Report) Sorted(rows [][]any) report.Table {
	largest := slices.Index(r.Columns, r.largest)
	slices.SortFunc(rows, func(a, b []any) int {
		if largest >= 0 {
			if c := compare(b[largest], a[largest]); c != 0 {
				return c
			}
		}
		for i := range a {
			if c := compare(a[i], b[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	return report.Table{Columns: r.Columns, Rows: rows}
}

// compare orders values of one type; nil comes first.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b)
		}
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b)
		}
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b)
		}
	case bool:
		if b, ok := b.(bool); ok && a != b {
			return cmp.Compare(weight(a), weight(b))
		}
		return 0
	}
	return cmp.Compare(weight(a != nil), weight(b != nil))
}

func weight(b bool) int {
	if b {
		return 1
	}
	return 0
}
