package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// editions are objects of a synthetic estate, each in an edition of its own.
func editions(list ...int) (objects []inventory.Object) {
	for i, edition := range list {
		objects = append(objects, synthetic(i, edition))
	}
	return objects
}

func counts(s store.Summary) string {
	return fmt.Sprintf("added %d changed %d unchanged %d twice %d incomplete %d repeated %v",
		s.Added, s.Changed, s.Unchanged, s.Twice, s.Incomplete, s.Repeated)
}

func checkCounts(t *testing.T, s store.Summary, want string) {
	t.Helper()
	if got := counts(s); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestCounts(t *testing.T) {
	dsn := database(t)
	checkCounts(t, record(t, dsn, sequence(editions(0, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
		"added 10 changed 0 unchanged 0 twice 0 incomplete 0 repeated false")
	checkCounts(t, record(t, dsn, sequence(editions(0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1))),
		"added 2 changed 3 unchanged 7 twice 0 incomplete 0 repeated false")
	part := synthetic(0, 5)
	part.Definition = nil
	objects := append(editions(0, 2), part, synthetic(1, 3), synthetic(20, 0), synthetic(20, 0), synthetic(21, 0), synthetic(21, 1))
	checkCounts(t, record(t, dsn, sequence(objects)),
		"added 2 changed 1 unchanged 1 twice 3 incomplete 1 repeated false")
	equal(t, "the last of several", query(t, dsn, `SELECT name, definition #>> '{metadata,labels,edition}' FROM argocd_applications
WHERE name IN ('app-000001', 'app-000020', 'app-000021') ORDER BY 1`), "app-000001|3", "app-000020|0", "app-000021|1")
}

// TestRerunChangesNothing: not a byte of any table, even where objects come twice.
func TestRerunChangesNothing(t *testing.T) {
	dsn := database(t)
	for _, objects := range [][]inventory.Object{
		editions(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		editions(0, 1, 0, 1, 0, 0, 0, 0, 0, 1),
		append(editions(0, 2, 0), synthetic(1, 3), synthetic(2, 0), synthetic(30, 0), synthetic(30, 1)),
		{},
	} {
		first := record(t, dsn, sequence(objects))
		before := dump(t, dsn)
		again := record(t, dsn, sequence(objects))
		if after := dump(t, dsn); after != before {
			t.Errorf("a rerun turns\n%s\ninto\n%s", before, after)
		}
		if first.Repeated || !again.Repeated || again.Run != first.Run || again.Added+again.Changed != 0 {
			t.Errorf("first %+v, again %+v", first, again)
		}
	}
}

// TestVersions: the state before a change is kept, and a definition once only.
func TestVersions(t *testing.T) {
	dsn := database(t)
	o := synthetic(0, 0)
	save := func() { record(t, dsn, sequence([]inventory.Object{o})) }
	save()
	o.Health, o.Message = "Degraded", "it fails"
	save()
	o.Definition = []byte(`{"spec": 2}`)
	save()
	o.Suspended = true
	save()
	const states = `SELECT sync_status, health_status, suspended, message, definition IS NULL, coalesce(definition->>'spec', '') = '2' `
	equal(t, "versions", query(t, dsn, states+"FROM object_versions ORDER BY seen_from"),
		"Synced|Healthy|f|-|t|f", "Synced|Degraded|f|it fails|f|f", "Synced|Degraded|f|it fails|t|f")
	equal(t, "the object", query(t, dsn, states+"FROM argocd_applications"), "Synced|Degraded|t|it fails|f|t")
	equal(t, "times out of order", query(t, dsn, `WITH h AS (
  SELECT seen_from, seen_until, lead(seen_from) OVER (ORDER BY seen_from) AS next FROM gitops_history)
SELECT * FROM h WHERE seen_until < seen_from OR next < seen_until`))
	equal(t, "times", query(t, dsn, `SELECT v.n, v.first = a.first_seen, a.changed_at > v.last, a.last_seen = a.changed_at
FROM argocd_applications a, (SELECT count(*) AS n, min(seen_from) AS first, max(seen_until) AS last FROM object_versions) v`), "3|t|t|t")
}

// TestMessageIsNoVersion: a controller words its complaint anew all the time.
func TestMessageIsNoVersion(t *testing.T) {
	dsn := database(t)
	o := synthetic(7, 0)
	record(t, dsn, sequence([]inventory.Object{o}))
	before := dump(t, dsn)
	o.Message, o.Reconciled = "another one", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	checkCounts(t, record(t, dsn, sequence([]inventory.Object{o})),
		"added 0 changed 0 unchanged 1 twice 0 incomplete 0 repeated true")
	if dump(t, dsn) != before {
		t.Error("a message within the hour was written")
	}
}

// TestTouch: what was last seen more than an hour ago is noted, and nothing else.
func TestTouch(t *testing.T) {
	dsn := database(t)
	objects := editions(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	record(t, dsn, sequence(objects))
	earlier := func(table, by string) {
		execute(t, dsn, "UPDATE "+table+" SET last_seen = last_seen - interval '"+by+"'")
	}
	for _, table := range []string{"argocd_applications", "flux_configs", "git_repositories", "conversions"} {
		earlier(table, "59 minutes")
	}
	before := dump(t, dsn)
	record(t, dsn, sequence(objects))
	if dump(t, dsn) != before {
		t.Error("something was written within the hour")
	}
	for _, table := range []string{"argocd_applications", "git_repositories", "conversions"} {
		earlier(table, "2 minutes")
	}
	const rest = `SELECT to_jsonb(t) - 'last_seen' - 'message' - 'reconciled_at' FROM %s t ORDER BY 1`
	tables := []string{"argocd_applications", "flux_configs", "git_repositories", "conversions", "object_versions"}
	state := func() (all string) {
		for _, table := range tables {
			all += strings.Join(query(t, dsn, fmt.Sprintf(rest, table)), "\n")
		}
		return all
	}
	before = state()
	objects[0].Message, objects[0].Reconciled = "new", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	objects[7].Message = ""
	checkCounts(t, record(t, dsn, sequence(objects)), "added 0 changed 0 unchanged 10 twice 0 incomplete 0 repeated true")
	if after := state(); after != before {
		t.Errorf("a touch turns\n%s\ninto\n%s", before, after)
	}
	equal(t, "not touched", query(t, dsn, `SELECT 1 FROM argocd_applications WHERE last_seen < now() - interval '50 minutes'
UNION ALL SELECT 2 FROM git_repositories WHERE last_seen < now() - interval '50 minutes'
UNION ALL SELECT 3 FROM conversions WHERE last_seen < now() - interval '50 minutes'
UNION ALL SELECT 4 FROM flux_configs WHERE last_seen > now() - interval '50 minutes'`))
	equal(t, "messages", query(t, dsn, `SELECT name, message, reconciled_at FROM argocd_applications
WHERE message IS NOT NULL OR name = 'app-000007' ORDER BY 1`), "app-000000|new|2026-01-02 03:04:05+00", "app-000007|-|-")
}

// TestTwiceChangesNothingLater: of several editions in one run the last is kept, no
// version of the others, and the next run finds nothing to do, whichever came before.
func TestTwiceChangesNothingLater(t *testing.T) {
	for _, before := range []int{-1, 0, 1, 2} {
		dsn := database(t)
		if before >= 0 {
			record(t, dsn, sequence([]inventory.Object{synthetic(0, before)}))
		}
		objects := []inventory.Object{synthetic(0, 0), synthetic(0, 1), synthetic(0, 2)}
		record(t, dsn, sequence(objects))
		versions := query(t, dsn, "SELECT definition #>> '{metadata,labels,edition}' FROM object_versions")
		if before == 0 || before == 1 {
			equal(t, "versions", versions, fmt.Sprint(before))
		} else {
			equal(t, "versions", versions)
		}
		state := dump(t, dsn)
		record(t, dsn, sequence(objects))
		if after := dump(t, dsn); after != state {
			t.Errorf("after %d a rerun turns\n%s\ninto\n%s", before, state, after)
		}
		equal(t, "kept", query(t, dsn, "SELECT definition #>> '{metadata,labels,edition}' FROM argocd_applications"), "2")
	}
}

func TestClustersDoNotMix(t *testing.T) {
	dsn := database(t)
	conn := storetest.Connect(t, dsn)
	in := func(cluster string, edition int) store.Summary {
		run := snapshot(estate(60, edition))
		run.Cluster = cluster
		return must(store.Record(context.Background(), conn, run))(t)
	}
	in("a", 0)
	a := query(t, dsn, "SELECT * FROM argocd_applications ORDER BY name")
	checkCounts(t, in("b", 0), "added 60 changed 0 unchanged 0 twice 0 incomplete 0 repeated false")
	checkCounts(t, in("b", 1), "added 0 changed 60 unchanged 0 twice 0 incomplete 0 repeated false")
	equal(t, "versions", query(t, dsn, "SELECT cluster, count(*) FROM object_versions GROUP BY 1"), "b|60")
	equal(t, "the other cluster", query(t, dsn, "SELECT * FROM argocd_applications WHERE cluster = 'a' ORDER BY name"), a...)
	checkCounts(t, in("a", 0), "added 0 changed 0 unchanged 60 twice 0 incomplete 0 repeated true")
}

// TestBrokenInput: an error among the objects ends the run with nothing recorded, and
// the connection goes on working.
func TestBrokenInput(t *testing.T) {
	dsn := database(t)
	record(t, dsn, estate(10, 0))
	before := dump(t, dsn)
	broken := errors.New("apps.yaml:3: broken")
	conn := storetest.Connect(t, dsn)
	var half iter.Seq2[inventory.Object, error] = func(yield func(inventory.Object, error) bool) {
		for o := range estate(25_000, 1) { // more than a chunk
			if !yield(o, nil) {
				return
			}
		}
		yield(inventory.Object{}, broken)
	}
	_, err := store.Record(context.Background(), conn, snapshot(half))
	if !errors.Is(err, broken) || err.Error() != broken.Error() {
		t.Errorf("got %v", err)
	}
	if dump(t, dsn) != before {
		t.Error("something was recorded")
	}
	if _, err := store.Record(context.Background(), conn, snapshot(estate(10, 1))); err != nil {
		t.Error(err)
	}
}

// TestProjectOfRepository: a Secret's definition hides its project, which counts all the same.
func TestProjectOfRepository(t *testing.T) {
	dsn := database(t)
	o := synthetic(9, 0)
	for _, project := range []string{"", "one", "two"} {
		o.Project = project
		record(t, dsn, sequence([]inventory.Object{o}))
		equal(t, "project", query(t, dsn, "SELECT coalesce(project, '') FROM git_repositories"), project)
	}
}
