package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// TestBulk: a hundred thousand objects, against a bare COPY of the same rows into tables
// of the same shape without keys, in turns with it. The best of a few rounds counts, as
// something else may be running.
func TestBulk(t *testing.T) {
	const n, rounds = 100_000, 8
	objects := make([]inventory.Object, 0, n)
	for o := range estate(n, 0) {
		objects = append(objects, o)
	}
	copied, first, again := time.Hour, time.Hour, time.Hour
	for round := 0; round < rounds && (round < 2 || first > 2*copied || again > first/3); round++ {
		dsn := database(t)
		copied = min(copied, bareCopy(t, dsn, objects))
		first = min(first, took(func() {
			if s := record(t, dsn, sequence(objects)); s.Added != n {
				t.Fatalf("recorded %+v", s)
			}
		}))
		again = min(again, took(func() {
			if s := record(t, dsn, sequence(objects)); s.Unchanged != n || !s.Repeated {
				t.Fatalf("recorded %+v", s)
			}
		}))
	}
	t.Logf("bare COPY %v, first run %v (%.2f of its rate), rerun %v (%.1f times faster)",
		copied, first, copied.Seconds()/first.Seconds(), again, first.Seconds()/again.Seconds())
	if first > 2*copied {
		t.Errorf("recording takes %v, a bare COPY %v", first, copied)
	}
	if again > first/3 {
		t.Errorf("a rerun takes %v, the first run %v", again, first)
	}
}

func took(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}

func bareCopy(t *testing.T, dsn string, objects []inventory.Object) time.Duration {
	conn := storetest.Connect(t, dsn)
	defer conn.Close(context.Background())
	d, err := store.BareCopy(context.Background(), conn, objects)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
