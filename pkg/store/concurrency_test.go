package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// atOnce runs one function eight times at once, each with a connection of its own.
func atOnce(t *testing.T, dsn string, f func(i int, record func(store.Run) (store.Summary, error))) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range 8 {
		conn := storetest.Connect(t, dsn)
		wg.Go(func() {
			f(i, func(run store.Run) (store.Summary, error) {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				return store.Record(ctx, conn, run)
			})
		})
	}
	wg.Wait()
}

// TestSameRowsAtOnce: eight writers of the same objects, each in editions of its own and
// in an order of its own, twice over. Whatever isolation the server prefers.
func TestSameRowsAtOnce(t *testing.T) {
	for _, isolation := range []string{"read committed", "serializable"} {
		t.Run(isolation, func(t *testing.T) {
			sameRowsAtOnce(t, with(database(t), "default_transaction_isolation="+strings.ReplaceAll(isolation, " ", "%20")))
		})
	}
}

func sameRowsAtOnce(t *testing.T, dsn string) {
	const n, own, rounds = 101, 10, 2 // n is prime: any step visits all
	atOnce(t, dsn, func(i int, record func(store.Run) (store.Summary, error)) {
		for round := range rounds {
			var objects []inventory.Object
			for k := range n {
				objects = append(objects, synthetic((k*(2*i+1))%n, 10*i+round))
			}
			for k := range own { // nobody else has these
				objects = append(objects, synthetic(1000*(i+1)+k, 10*i+round))
			}
			if _, err := record(snapshot(sequence(objects))); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		}
	})
	const all = `(SELECT name, definition, first_seen, changed_at, last_seen FROM argocd_applications
UNION ALL SELECT name, definition, first_seen, changed_at, last_seen FROM flux_configs
UNION ALL SELECT name, definition, first_seen, changed_at, last_seen FROM git_repositories) o`
	equal(t, "lost rows", query(t, dsn, "SELECT count(*) FROM "+all), fmt.Sprint(n+8*own))
	editions := query(t, dsn, "SELECT DISTINCT definition #>> '{metadata,labels,edition}' FROM "+all+" WHERE name < 'app-001'")
	if len(editions) != 1 || !strings.HasSuffix(editions[0], "1") && len(editions[0]) > 1 {
		t.Errorf("the end is a mixture of editions %v", editions)
	}
	equal(t, "the end is not the last run", query(t, dsn, `SELECT name FROM `+all+`
WHERE name < 'app-001' AND changed_at <> (SELECT max(recorded_at) FROM conversions)`))
	equal(t, "runs", query(t, dsn, "SELECT count(*) FROM conversions"), fmt.Sprint(8*rounds))
	equal(t, "versions", query(t, dsn, "SELECT DISTINCT count(*) FROM object_versions WHERE name < 'app-001' GROUP BY name"), fmt.Sprint(8*rounds-1))
	equal(t, "overlaps", query(t, dsn, `WITH h AS (
  SELECT name, seen_from, seen_until, lead(seen_from) OVER (PARTITION BY name ORDER BY seen_from) AS next FROM gitops_history)
SELECT * FROM h WHERE seen_until < seen_from OR next < seen_until`))
	equal(t, "beginnings", query(t, dsn, `SELECT o.name FROM `+all+`
WHERE first_seen <> (SELECT min(seen_from) FROM gitops_history h WHERE h.name = o.name)`))
}

// TestClustersAtOnce: writers of different clusters do not wait for each other: each
// comes to the middle of its run before any goes on.
func TestClustersAtOnce(t *testing.T) {
	dsn := database(t)
	var middle sync.WaitGroup
	middle.Add(8)
	atOnce(t, dsn, func(i int, record func(store.Run) (store.Summary, error)) {
		run := snapshot(func(yield func(inventory.Object, error) bool) {
			for k := range 100 {
				if !yield(synthetic(k, i), nil) {
					return
				}
			}
			middle.Done()
			middle.Wait()
		})
		run.Cluster = fmt.Sprint("cluster-", i)
		if s, err := record(run); err != nil || s.Added != 100 {
			t.Errorf("writer %d: %+v, %v", i, s, err)
		}
	})
	equal(t, "clusters", query(t, dsn, "SELECT count(DISTINCT cluster), count(*) FROM conversions"), "8|8")
}

// TestWaitingWriterGivesUp: one who waits for the turn obeys its context, and leaves
// nothing that holds up the next one.
func TestWaitingWriterGivesUp(t *testing.T) {
	dsn := database(t)
	holder, waiter := storetest.Connect(t, dsn), storetest.Connect(t, dsn)
	_, err := store.Record(context.Background(), holder, snapshot(func(yield func(inventory.Object, error) bool) {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		begin := time.Now()
		_, err := store.Record(ctx, waiter, snapshot(estate(1, 0)))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 10*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		yield(synthetic(5, 0), nil)
	}))
	if err != nil {
		t.Fatal(err)
	}
	if s := record(t, dsn, estate(1, 0)); s.Added != 1 {
		t.Errorf("%+v", s)
	}
}
