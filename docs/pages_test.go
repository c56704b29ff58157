package docs

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// A block is a fenced block of a page.
type block struct {
	line int
	kind string // what stands behind the fence
	text string
}

func blocks(t *testing.T, page string) (list []block) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	open := false
	for i, line := range strings.Split(string(text), "\n") {
		switch kind, fence := strings.CutPrefix(line, "```"); {
		case fence && !open:
			open, list = true, append(list, block{line: i + 1, kind: kind})
		case fence:
			open = false
		case open:
			list[len(list)-1].text += line + "\n"
		}
	}
	if len(list) == 0 || open {
		t.Fatalf("%s has %d blocks, the last one open: %t", page, len(list), open)
	}
	return list
}

// TestSQL runs what the pages show of SQL, on a server of its own: it makes roles. What
// needs Citus is marked so, and not run here.
func TestSQL(t *testing.T) {
	ctx := context.Background()
	for _, page := range []string{"store.md", "scaling.md"} {
		dsn := storetest.Start(t, nil).DSN("postgres")
		conn := storetest.Connect(t, dsn)
		if err := migrate.Up(ctx, conn); err != nil {
			t.Fatal(err)
		}
		recordFleet(t, dsn)
		n := 0
		for _, b := range blocks(t, page) {
			if b.kind != "sql" {
				continue
			}
			n++
			if _, err := conn.PgConn().Exec(ctx, b.text).ReadAll(); err != nil {
				t.Errorf("%s:%d: %v\n%s", page, b.line, err, b.text)
			}
		}
		if n == 0 {
			t.Errorf("%s shows no SQL", page)
		}
	}
}

// TestRights follows the section: the owner migrates, the writer records and the reader
// reads, and none can do more.
func TestRights(t *testing.T) {
	ctx := context.Background()
	server := storetest.Start(t, nil)
	as := func(role string) string {
		return strings.Replace(server.DSN("gitops"), "gitops@", role+"@", 1)
	}
	run := func(dsn, sql string) {
		t.Helper()
		if _, err := storetest.Connect(t, dsn).PgConn().Exec(ctx, sql).ReadAll(); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	roles, grants := sqlWith(t, "CREATE ROLE"), sqlWith(t, "GRANT SELECT ON gitops_schema_version")
	run(server.DSN("postgres"), roles)
	run(server.DSN("postgres"), "CREATE DATABASE gitops OWNER gitops_owner")
	for _, step := range []struct {
		role, line string
		good       bool
	}{
		{"gitops_writer", "kubectl gitops record -f fleet.yaml", false}, // no tables
		{"gitops_owner", "kubectl gitops record --migrate", true},
		{"", grants, true},
		{"gitops_writer", "kubectl gitops record -f fleet.yaml", true},
		{"gitops_writer", "kubectl gitops convert -q --to flux -f fleet.yaml --record >/dev/null", true},
		{"gitops_writer", "kubectl gitops record -f fleet-later.yaml", true},
		{"gitops_writer", "kubectl gitops record --migrate -f fleet-later.yaml", true}, // there is nothing to do
		{"gitops_reader", "kubectl gitops stats unsupported && kubectl gitops history checkout", true},
		{"gitops_reader", "set $(kubectl gitops stats runs -o csv | grep ,record, | cut -d, -f2) && kubectl gitops stats changes $2 $1", true},
		{"gitops_reader", "kubectl gitops record -f fleet.yaml", false},
	} {
		if step.role == "" {
			run(as("gitops_owner"), step.line)
			continue
		}
		if out, err := shell(t, "testdata", as(step.role), step.line); (err == nil) != step.good {
			t.Errorf("%s: %s: %v\n%s", step.role, step.line, err, out)
		}
	}
	for _, table := range []string{"conversions", "argocd_applications", "verdicts"} {
		if _, err := storetest.Connect(t, as("gitops_writer")).Exec(ctx, "DELETE FROM "+table); err == nil {
			t.Errorf("the writer deletes from %s", table)
		}
	}
}

// sqlWith returns the block of SQL in store.md that holds a text.
func sqlWith(t *testing.T, text string) string {
	t.Helper()
	for _, b := range blocks(t, "store.md") {
		if b.kind == "sql" && strings.Contains(b.text, text) {
			return b.text
		}
	}
	t.Fatalf("store.md shows no SQL with %q", text)
	return ""
}

// What differs from run to run, and how columns are spaced for it.
var changing = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "RUN"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ`), "TIME"},
	{regexp.MustCompile(`(?m) +`), " "},
	{regexp.MustCompile(`(?m) +$`), ""},
}

func settled(s string) string {
	for _, c := range changing {
		s = c.pattern.ReplaceAllString(s, c.with)
	}
	return s
}

// TestConsole runs the sessions that the pages show, and compares what they print.
func TestConsole(t *testing.T) {
	for _, page := range []string{"store.md", "../README.md"} {
		dir, dsn := t.TempDir(), migrated(t)
		for from, to := range map[string]string{"testdata": dir, "../examples": filepath.Join(dir, "examples")} {
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		}
		n, variables := 0, ""
		for _, b := range blocks(t, page) {
			if b.kind != "console" {
				continue
			}
			for _, session := range strings.Split("\n"+b.text, "\n$ ")[1:] {
				line, want, _ := strings.Cut(session, "\n")
				n++
				if strings.HasPrefix(line, "RUN=") {
					variables = line + "; "
					continue
				}
				got, err := shell(t, dir, dsn, variables+line)
				if want = strings.TrimSuffix(want, "\n"); settled(strings.TrimSuffix(got, "\n")) != settled(want) {
					t.Errorf("%s:%d: %s (%v)\nprints\n%s\nnot\n%s", page, b.line, line, err, got, want)
				}
			}
		}
		if n == 0 {
			t.Errorf("%s shows no session", page)
		}
	}
}
