package store_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/analysis"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// TestStatsAreFast asks a database of a hundred thousand objects on ten clusters, each
// converted with findings, every question there is: about all of them, and about one
// cluster, for which nothing may read the tables of all.
func TestStatsAreFast(t *testing.T) {
	const clusters, n = 10, 10_000
	ctx := context.Background()
	conn := storetest.Connect(t, database(t))
	for i := range clusters {
		recordConverted(t, conn, fmt.Sprintf("cluster-%d", i), n, 0)
		recordVerified(t, conn, fmt.Sprintf("cluster-%d", i), n)
	}
	recordConverted(t, conn, "cluster-0", n, 1)
	vacuum(t, conn)
	for _, r := range analysis.Reports() {
		for _, cluster := range []string{"", "cluster-0"} {
			within(t, r.Name+" "+cluster, func() error {
				rows, err := store.Rows(ctx, conn, r.View, r.Columns, cluster)
				if err == nil && len(rows) == 0 && r.Name != "stale" {
					err = errors.New("no answer")
				}
				return err
			})
		}
		readsIndexes(t, conn, "SELECT "+strings.Join(r.Columns, ", ")+" FROM "+r.View+" WHERE cluster = 'cluster-0'")
	}
	runs, err := store.Rows(ctx, conn, "stats_runs", []string{"run"}, "cluster-0")
	if err != nil || len(runs) != 2 {
		t.Fatalf("runs %v, %v", runs, err)
	}
	first, second := runID(t, conn, runs[0][0]), runID(t, conn, runs[1][0])
	within(t, "run", func() error {
		rows, err := store.RunObjects(ctx, conn, first)
		if len(rows) != n {
			err = errors.Join(err, fmt.Errorf("%d rows", len(rows)))
		}
		return err
	})
	within(t, "changes", func() error {
		rows, err := store.Changes(ctx, conn, first, second)
		if len(rows) < n/100 || len(rows) > n/10 {
			err = errors.Join(err, fmt.Errorf("%d rows", len(rows)))
		}
		return err
	})
	within(t, "history", func() error {
		found, err := store.Find(ctx, conn, store.ID{Cluster: "cluster-0", Key: synthetic(0, 0).Key})
		if err != nil || len(found) != 1 {
			return fmt.Errorf("found %v, %w", found, err)
		}
		states, err := store.History(ctx, conn, found[0])
		if err == nil && len(states) != 2 {
			err = fmt.Errorf("%d states", len(states))
		}
		return err
	})
}

// vacuum does what autovacuum does by itself soon after a recording. While another
// transaction looks at the database, autovacuum's own for one, rows are not yet known to
// be visible to all, and no index can answer alone.
func vacuum(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(time.Second / 2) {
		if _, err := conn.Exec(context.Background(), "VACUUM ANALYZE"); err != nil {
			t.Fatal(err)
		}
		var behind int
		err := conn.QueryRow(context.Background(), `SELECT count(*) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relallvisible < 0.9 * relpages AND relname <> $1`, store.VersionTable).Scan(&behind)
		if err != nil {
			t.Fatal(err)
		}
		if behind == 0 {
			return
		}
	}
	t.Fatal("something keeps VACUUM from its work")
}

// within asks up to three times, as something else may be running, and wants an answer
// in less than a second.
func within(t *testing.T, name string, ask func() error) {
	t.Helper()
	best := time.Hour
	for range 3 {
		if best = min(best, took(func() {
			if err := ask(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})); best < time.Second/4 {
			break
		}
	}
	t.Logf("%s: %v", name, best)
	if best >= time.Second {
		t.Errorf("%s takes %v", name, best)
	}
}

// recordConverted records an estate with what a conversion made of it. A later edition
// changes one object in a hundred.
func recordConverted(t *testing.T, conn *pgx.Conn, cluster string, n, edition int) {
	t.Helper()
	results := store.NewResults(convert.ToFlux, false)
	defer results.Close()
	var objects []inventory.Object
	for i := range n {
		of := edition
		if i%100 > 0 {
			of = 0
		}
		o := synthetic(i, of)
		objects = append(objects, o)
		if err := results.Write(converted(o, i, of)); err != nil {
			t.Fatal(err)
		}
	}
	run := store.Run{Cluster: cluster, Verb: "convert", Version: "v0", Objects: sequence(objects), Results: results}
	if _, err := store.Record(context.Background(), conn, run); err != nil {
		t.Fatal(err)
	}
}

func runID(t *testing.T, conn *pgx.Conn, name any) store.RunID {
	t.Helper()
	run, err := store.FindRun(context.Background(), conn, "", fmt.Sprint(name))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// wide are the tables that no statistics may read as a whole.
var wide = regexp.MustCompile(`Seq Scan on (argocd_applications|flux_configs|git_repositories|object_versions|conversion_objects|findings|verdicts)\b`)

func readsIndexes(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	rows, err := conn.Query(context.Background(), "EXPLAIN "+sql)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(plan, "\n"); wide.MatchString(text) {
		t.Errorf("%s\nreads a whole table:\n%s", sql, text)
	}
}

// converted is what a conversion says of an object.
func converted(o inventory.Object, i, edition int) convert.Outcome {
	from := ledger.Object{APIVersion: o.APIVersion, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
	to := ledger.Object{APIVersion: "kustomize.toolkit.fluxcd.io/v1", Kind: "Kustomization", Namespace: "flux-system", Name: o.Name}
	outcome := convert.Outcome{
		File: "apps.yaml", Line: i, Object: from, Status: convert.Converted,
		Out: []convert.Output{{Object: to, Data: fmt.Append(nil, edition)}},
	}
	add := func(e ledger.Entry) {
		e.From.Object, e.To = from, []ledger.To{{Object: to, Path: "spec.x"}}
		outcome.Entries = append(outcome.Entries, e)
	}
	add(ledger.Entry{ID: "repo-url", Fidelity: ledger.Exact, From: ledger.From{Path: "spec.source.repoURL"}})
	add(ledger.Entry{ID: "self-heal", Fidelity: ledger.Approximate, From: ledger.From{Path: "spec.syncPolicy.automated.selfHeal"},
		Note: "Flux reverts drift at its interval"})
	if i%4 == 0 {
		add(ledger.Entry{ID: fmt.Sprintf("lost-%d", i%40+edition), Fidelity: ledger.Unsupported, Blocking: i%100 == 0,
			From: ledger.From{Path: fmt.Sprintf("spec.info[%d].value", i%3)}})
	}
	return outcome
}
