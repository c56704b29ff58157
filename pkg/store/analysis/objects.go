package analysis

import (
	"slices"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

func bySync(e *Estate) [][]any {
	return grouped(e.objects, func(o seen) []any { return []any{e.cluster, o.tool, o.Kind, text(o.Sync)} })
}

func byHealth(e *Estate) [][]any {
	return grouped(e.objects, func(o seen) []any { return []any{e.cluster, o.tool, o.Kind, text(o.Health)} })
}

func byCluster(e *Estate) [][]any {
	return grouped(e.objects, func(o seen) []any { return []any{e.cluster, o.tool, text(o.Destination)} },
		synced, outOfSync, healthy, degraded, isSuspended)
}

func byProject(e *Estate) [][]any {
	return grouped(e.objects, func(o seen) []any {
		if o.Class != inventory.Application || o.Kind != "Application" {
			return nil
		}
		return []any{e.cluster, text(o.Project)}
	}, synced, outOfSync, healthy, degraded)
}

// byRepository counts the revisions of each repository beside its objects.
func byRepository(e *Estate) [][]any {
	targets, revisions := map[string]map[string]bool{}, map[string]map[string]bool{}
	note := func(in map[string]map[string]bool, repository, value string) {
		if in[repository] == nil {
			in[repository] = map[string]bool{}
		}
		if value != "" {
			in[repository][value] = true
		}
	}
	rows := grouped(e.objects, func(o seen) []any {
		repository := e.repository(o)
		if repository == "" {
			return nil
		}
		note(targets, repository, e.target(o))
		note(revisions, repository, o.Revision)
		return []any{e.cluster, repository}
	}, synced, degraded)
	for i, row := range rows {
		repository, _ := row[1].(string)
		rows[i] = slices.Insert(row, 3, any(int64(len(targets[repository]))), any(int64(len(revisions[repository]))))
	}
	return rows
}

func byRevision(e *Estate) [][]any {
	return grouped(e.objects, func(o seen) []any {
		if e.repository(o) == "" || o.Revision == "" {
			return nil
		}
		return []any{e.cluster, e.repository(o), o.Revision}
	})
}

func failing(e *Estate) (rows [][]any) {
	for _, o := range e.objects {
		if o.Sync == "Unknown" || slices.Contains([]string{"Degraded", "Missing", "Unknown"}, o.Health) {
			rows = append(rows, []any{e.cluster, o.Namespace, o.Kind, o.Name, text(o.Sync), text(o.Health), nil, text(o.Message)})
		}
	}
	return rows
}

// stale finds what the controller has not looked at for a day. How long an object has
// been out of sync, or out of sight, only a database knows.
func stale(e *Estate) (rows [][]any) {
	const day = 24 * time.Hour
	for _, o := range e.objects {
		if !o.Suspended && !o.Reconciled.IsZero() && o.Reconciled.Before(e.now.Add(-day)) {
			rows = append(rows, []any{e.cluster, o.Namespace, o.Kind, o.Name, "not reconciled", text(o.Sync),
				moment(o.Reconciled), nil, moment(e.now)})
		}
	}
	return rows
}
