package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// dump returns every row of every table as text, in an order of its own.
func dump(t testing.TB, dsn string) string {
	t.Helper()
	ctx := context.Background()
	conn := storetest.Connect(t, dsn)
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < 8 {
		t.Fatalf("tables %v, %v", names, err)
	}
	var b strings.Builder
	for _, name := range names {
		b.WriteString("-- " + name + "\n")
		if _, err := conn.PgConn().CopyTo(ctx, &b, "COPY (SELECT * FROM "+name+" r ORDER BY r::text) TO STDOUT"); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// query returns the rows of a query, each as its values joined with "|"; NULL is "-".
func query(t testing.TB, dsn, sql string) (list []string) {
	t.Helper()
	ctx := context.Background()
	conn := storetest.Connect(t, dsn)
	defer conn.Close(ctx)
	for _, result := range must(conn.PgConn().Exec(ctx, sql).ReadAll())(t) {
		for _, row := range result.Rows {
			texts := make([]string, len(row))
			for i, value := range row {
				if texts[i] = string(value); value == nil {
					texts[i] = "-"
				}
			}
			list = append(list, strings.Join(texts, "|"))
		}
	}
	return list
}

// execute runs a statement.
func execute(t testing.TB, dsn, sql string) {
	t.Helper()
	conn := storetest.Connect(t, dsn)
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// must takes what a function returned and gives its value to the test that has no error.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func equal(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
