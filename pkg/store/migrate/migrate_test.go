package migrate

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main{M: m}.Run()) }

// TestUp migrates an empty database, and one of each earlier version.
func TestUp(t *testing.T) {
	ctx := context.Background()
	for from := range int32(store.Tables) {
		conn := storetest.Connect(t, storetest.Database(t))
		if from > 0 {
			if err := to(ctx, conn, from); err != nil {
				t.Fatal(err)
			}
			if err := store.Check(ctx, conn); !errors.Is(err, store.ErrOlder) {
				t.Errorf("version %d: %v", from, err)
			}
		} else if err := store.Check(ctx, conn); !errors.Is(err, store.ErrNoTables) {
			t.Errorf("empty: %v", err)
		}
		for range 2 { // the second time changes nothing
			if err := Up(ctx, conn); err != nil {
				t.Fatalf("from %d: %v", from, err)
			}
		}
		if err := store.Check(ctx, conn); err != nil {
			t.Errorf("from %d: %v", from, err)
		}
	}
}

// TestUpAtOnce: several processes find an empty database.
func TestUpAtOnce(t *testing.T) {
	dsn := storetest.Database(t)
	var wg sync.WaitGroup
	for range 8 {
		conn := storetest.Connect(t, dsn)
		wg.Go(func() {
			if err := Up(context.Background(), conn); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := store.Check(context.Background(), storetest.Connect(t, dsn)); err != nil {
		t.Error(err)
	}
}

func TestUpRefusesNewer(t *testing.T) {
	ctx := context.Background()
	conn := storetest.Connect(t, storetest.Database(t))
	if err := Up(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "UPDATE "+store.VersionTable+" SET version = version + 1"); err != nil {
		t.Fatal(err)
	}
	if err := Up(ctx, conn); !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// TestKeysCanBeSharded: a distributed PostgreSQL wants the cluster in every unique key,
// first, and no sequence.
func TestKeysCanBeSharded(t *testing.T) {
	ctx := context.Background()
	conn := storetest.Connect(t, storetest.Database(t))
	if err := Up(ctx, conn); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(ctx, `SELECT c.relname, i.relname, pg_get_indexdef(i.oid, 1, true)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
WHERE c.relnamespace = 'public'::regnamespace`)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var table, index, first string
	if _, err := pgx.ForEachRow(rows, []any{&table, &index, &first}, func() error {
		n++
		if first != "cluster" {
			t.Errorf("index %s of %s begins with %s", index, table, first)
		}
		return nil
	}); err != nil || n < 10 {
		t.Errorf("%d indexes, %v", n, err)
	}
	var others int
	err = conn.QueryRow(ctx, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND
(relkind = 'S' OR relkind = 'r' AND relname <> $1 AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary))`,
		store.VersionTable).Scan(&others)
	if err != nil || others != 0 {
		t.Errorf("%d sequences or tables without a key, %v", others, err)
	}
}

// TestFunctionsCanBeSharded: Citus refuses functions in SQL over distributed tables.
func TestFunctionsCanBeSharded(t *testing.T) {
	ctx := context.Background()
	conn := storetest.Connect(t, storetest.Database(t))
	if err := Up(ctx, conn); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(ctx, `SELECT p.proname, l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'public'::regnamespace`)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var name, language string
	if _, err := pgx.ForEachRow(rows, []any{&name, &language}, func() error {
		n++
		if language != "plpgsql" {
			t.Errorf("%s is in %s", name, language)
		}
		return nil
	}); err != nil || n == 0 {
		t.Errorf("%d functions, %v", n, err)
	}
}

// TestMigrationsAreFinal: what was released is never edited. A new version adds a file.
func TestMigrationsAreFinal(t *testing.T) {
	entries, err := files.ReadDir("sql")
	if err != nil || len(entries) != store.Tables {
		t.Fatalf("%d migrations for version %d of the tables, %v", len(entries), store.Tables, err)
	}
	for _, e := range entries {
		text, err := files.ReadFile("sql/" + e.Name())
		if err != nil || strings.Contains(string(text), "drop below") {
			t.Errorf("%s goes backwards, %v", e.Name(), err)
		}
	}
}
