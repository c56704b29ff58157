package docs

import (
	"context"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

var quoted = regexp.MustCompile("`([^`]+)`")

func names(cell string) (list []string) {
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		list = append(list, m[1])
	}
	return list
}

// cells returns the first and the last cell of each row of the tables below a heading.
func cells(t *testing.T, heading string) (list [][2]string) {
	t.Helper()
	text, err := os.ReadFile("store.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		if parts := strings.Split(line, " | "); strings.HasPrefix(line, "| `") && len(parts) > 1 {
			list = append(list, [2]string{parts[0], parts[len(parts)-1]})
		}
	}
	if len(list) == 0 {
		t.Fatalf("store.md has no tables below %q", heading)
	}
	return list
}

// relations returns the columns of the tables ("r") or views ("v") of a database.
func relations(t *testing.T, conn *pgx.Conn, kind string) map[string][]string {
	t.Helper()
	r, err := conn.Query(context.Background(), `SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind::text = $1 AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum`, kind)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string][]string{}
	var relation, column string
	if _, err := pgx.ForEachRow(r, []any{&relation, &column}, func() error {
		list[relation] = append(list[relation], column)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestRelationsAreDocumented: every table and view is in store.md with its columns, in
// their order, and the page names no other.
func TestRelationsAreDocumented(t *testing.T) {
	conn := storetest.Connect(t, migrated(t))
	for heading, kind := range map[string]string{"Tables": "r", "Views": "v"} {
		documented := map[string][]string{}
		for _, row := range cells(t, heading) {
			if columns := names(row[1]); len(columns) > 0 && len(names(row[0])) == 1 {
				documented[names(row[0])[0]] = columns
			}
		}
		for name, columns := range relations(t, conn, kind) {
			if !slices.Equal(documented[name], columns) {
				t.Errorf("%s has the columns\n%s\nnot\n%s", name, "`"+strings.Join(columns, "`, `")+"`", documented[name])
			}
		}
		actual := relations(t, conn, kind)
		for _, row := range cells(t, heading) {
			if name := names(row[0])[0]; strings.HasPrefix(name, "stats_") && actual[name] == nil {
				t.Errorf("there is no %s", name)
			}
		}
	}
}

// TestColumnsAreExplained: what a column of a table means is said once.
func TestColumnsAreExplained(t *testing.T) {
	obvious := []string{"cluster", "namespace", "kind", "name", "api_version", "project", "version"}
	explained := map[string]bool{}
	for _, row := range cells(t, "Tables") {
		for _, name := range names(row[0]) {
			explained[name] = true
		}
	}
	missing := map[string]bool{}
	for _, columns := range relations(t, storetest.Connect(t, migrated(t)), "r") {
		for _, column := range columns {
			if !explained[column] && !slices.Contains(obvious, column) {
				missing[column] = true
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("store.md does not explain %v", slices.Sorted(maps.Keys(missing)))
	}
}

func TestFunctionsAreDocumented(t *testing.T) {
	r, err := storetest.Connect(t, migrated(t)).Query(context.Background(), `SELECT proname ||
'(' || array_to_string(proargnames[1:pronargs], ', ') || ')' FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	functions, err := pgx.CollectRows(r, pgx.RowTo[string])
	if err != nil || len(functions) == 0 {
		t.Fatalf("%v, %v", functions, err)
	}
	var documented []string
	for _, row := range cells(t, "Views") {
		if name := names(row[0])[0]; strings.Contains(name, "(") {
			documented = append(documented, name)
		}
	}
	if slices.Sort(documented); !slices.Equal(documented, functions) {
		t.Errorf("documented are %q, the database has %q", documented, functions)
	}
}
