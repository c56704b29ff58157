package docs

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// A dashboard is what the tests look at of Grafana's model.
type dashboard struct {
	SchemaVersion int `json:"schemaVersion"`
	Templating    struct {
		List []variable `json:"list"`
	} `json:"templating"`
	Panels []panel `json:"panels"`
}

type variable struct{ Name, Type, Query string }

type panel struct {
	ID         int
	Type       string
	Title      string
	GridPos    struct{ X, Y, W, H int }
	Datasource source
	Options    struct {
		XField string `json:"xField"`
	}
	FieldConfig struct {
		Overrides []struct {
			Matcher struct{ ID, Options string }
		}
	}
	Targets []struct {
		Datasource source
		Format     string
		RawSQL     string `json:"rawSql"`
	}
}

type source struct{ Type, UID string }

func readDashboard(t *testing.T) (d dashboard) {
	t.Helper()
	text, err := os.ReadFile("grafana/kubectl-gitops.json")
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err != nil || len(d.Panels) == 0 {
		t.Fatalf("%d panels, %v", len(d.Panels), err)
	}
	return d
}

// timeFilter is a macro of Grafana's PostgreSQL data source
// (pkg/tsdb/grafana-postgresql-datasource/macros.go).
var timeFilter = regexp.MustCompile(`\$__timeFilter\(([^)]*)\)`)

// filled is SQL with the variables of the dashboard as Grafana fills them in.
func filled(sql string, clusters ...string) string {
	var list []string
	for _, c := range clusters {
		list = append(list, "'"+strings.ReplaceAll(c, "'", "''")+"'")
	}
	sql = strings.ReplaceAll(sql, "${cluster:sqlstring}", strings.Join(list, ","))
	return timeFilter.ReplaceAllString(sql, "$1 BETWEEN '2000-01-01T00:00:00Z' AND '2100-01-01T00:00:00Z'")
}

// TestDashboardQueries runs every query of the dashboard: with the clusters of the
// examples it answers, without any it is no error, and with an odd name neither.
func TestDashboardQueries(t *testing.T) {
	ctx := context.Background()
	dsn := migrated(t)
	recordFleet(t, dsn)
	conn := storetest.Connect(t, dsn)
	d := readDashboard(t)
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			for _, clusters := range [][]string{nil, {"o'ne", "two"}} {
				if _, n, err := rows(ctx, conn, filled(target.RawSQL, clusters...)); err != nil || n > 0 && p.Type != "stat" {
					t.Errorf("%s of %q: %d rows, %v", p.Title, clusters, n, err)
				}
			}
			columns, n, err := rows(ctx, conn, filled(target.RawSQL, "o'ne", "production"))
			if err != nil || n == 0 {
				t.Errorf("%s: %d rows, %v\n%s", p.Title, n, err, target.RawSQL)
				continue
			}
			if strings.Contains(filled(target.RawSQL), "$") {
				t.Errorf("%s: a variable is left", p.Title)
			}
			checkColumns(t, p, target.Format, columns)
		}
	}
}

// checkColumns: what a panel is set to show must be there.
func checkColumns(t *testing.T, p panel, format string, columns []string) {
	t.Helper()
	for _, o := range p.FieldConfig.Overrides {
		if o.Matcher.ID == "byName" && !slices.Contains(columns, o.Matcher.Options) {
			t.Errorf("%s has no column %s", p.Title, o.Matcher.Options)
		}
	}
	if p.Options.XField != "" && !slices.Contains(columns, p.Options.XField) {
		t.Errorf("%s has no column %s", p.Title, p.Options.XField)
	}
	if format == "time_series" && !slices.Contains(columns, "time") || p.Type == "piechart" && !slices.Contains(columns, "objects") {
		t.Errorf("%s has the columns %v", p.Title, columns)
	}
}

// TestDashboardVariables: the data source is chosen by the reader, and so are clusters.
func TestDashboardVariables(t *testing.T) {
	dsn := migrated(t)
	recordFleet(t, dsn)
	d := readDashboard(t)
	kinds := map[string]string{}
	for _, v := range d.Templating.List {
		kinds[v.Name] = v.Type
		if v.Type != "query" {
			continue
		}
		if columns, n, err := rows(context.Background(), storetest.Connect(t, dsn), v.Query); err != nil || n != 1 || len(columns) != 1 {
			t.Errorf("%s: %v, %d rows, %v", v.Name, columns, n, err)
		}
	}
	if kinds["datasource"] != "datasource" || kinds["cluster"] != "query" {
		t.Errorf("the variables are %v", kinds)
	}
	for _, p := range d.Panels {
		want := source{"grafana-postgresql-datasource", "${datasource}"}
		if len(p.Targets) != 1 || p.Datasource != want || p.Targets[0].Datasource != want {
			t.Errorf("%s does not follow the data source", p.Title)
		}
		if !strings.Contains(p.Targets[0].RawSQL, "${cluster:sqlstring}") {
			t.Errorf("%s does not follow the cluster", p.Title)
		}
	}
}

// TestDashboardShowsAllReports: each statistic has a panel.
func TestDashboardShowsAllReports(t *testing.T) {
	var all strings.Builder
	for _, p := range readDashboard(t).Panels {
		all.WriteString(p.Targets[0].RawSQL + "\n")
	}
	n := 0
	for view := range relations(t, storetest.Connect(t, migrated(t)), "v") {
		if !strings.HasPrefix(view, "stats_") {
			continue // the objects themselves, for queries of one's own
		}
		n++
		if !regexp.MustCompile(`\b` + view + `\b`).MatchString(all.String()) {
			t.Errorf("no panel shows %s", view)
		}
	}
	if n == 0 {
		t.Error("there are no statistics")
	}
}

// TestDashboardLayout: panels have numbers of their own, fit in the grid of 24 columns
// and do not overlap.
func TestDashboardLayout(t *testing.T) {
	d := readDashboard(t)
	taken, ids := map[[2]int]string{}, map[int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] != "" || p.ID == 0 {
			t.Errorf("%s has the number of %s", p.Title, ids[p.ID])
		}
		ids[p.ID] = p.Title
		g := p.GridPos
		if g.W < 1 || g.H < 1 || g.X < 0 || g.Y < 0 || g.X+g.W > 24 {
			t.Errorf("%s is out of the grid", p.Title)
		}
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" && other != p.Title {
					t.Errorf("%s lies over %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
	if d.SchemaVersion != 42 { // apps/dashboard/pkg/migration/schemaversion/migrations.go of Grafana 12
		t.Errorf("the schema is of version %d", d.SchemaVersion)
	}
}

// rows counts the rows that a query answers with and returns its columns.
func rows(ctx context.Context, conn *pgx.Conn, sql string) (columns []string, n int, err error) {
	r, err := conn.Query(ctx, sql)
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	for _, f := range r.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	for r.Next() {
		n++
	}
	return columns, n, r.Err()
}
