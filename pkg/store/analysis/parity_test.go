package analysis_test

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/analysis"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main{M: m}.Run()) }

// TestParity: the database answers what counting in memory answers, for every report
// that both can give, over the corpus or the compiler's scenarios.
func TestParity(t *testing.T) {
	ctx := context.Background()
	for _, direction := range []convert.Direction{convert.ToFlux, convert.ToArgo} {
		inputs := distinct(t, files(t))
		conn := storetest.Connect(t, storetest.Database(t))
		if err := migrate.Up(ctx, conn); err != nil {
			t.Fatal(err)
		}
		estate := analysis.NewEstate("c", time.Now().UTC())
		results := store.NewResults(direction, false)
		defer results.Close()
		outcomes, err := convert.Convert(inputs, convert.Options{To: direction})
		if err != nil {
			t.Fatal(err)
		}
		for o := range outcomes {
			estate.Convert(direction, o)
			if err := results.Write(o); err != nil {
				t.Fatal(err)
			}
		}
		for o := range whole(inputs) {
			estate.Add(o)
		}
		run := store.Run{Cluster: "c", Verb: "convert", Version: "v0", Objects: whole(inputs), Results: results}
		summary, err := store.Record(ctx, conn, run)
		if err != nil || summary.Added < 100 || summary.Twice > 0 {
			t.Fatalf("recorded %+v, %v", summary, err)
		}
		for _, r := range analysis.Reports() {
			if r.Recorded() || r.Name == "stale" || r.Name == "failing" { // those show times
				continue
			}
			rows, err := store.Rows(ctx, conn, r.View, r.Columns, "c")
			if err != nil {
				t.Fatal(err)
			}
			recorded, counted := r.Sorted(rows), r.Of(estate)
			if !reflect.DeepEqual(recorded.Rows, counted.Rows) && len(recorded.Rows)+len(counted.Rows) > 0 {
				t.Errorf("%s to %s: the database has\n%v\nand memory\n%v", r.Name, direction, recorded.Rows, counted.Rows)
			}
			t.Logf("%s to %s: %d rows", r.Name, direction, len(counted.Rows))
		}
	}
}

// whole are the objects that can be read and are complete.
func whole(inputs []convert.Input) iter.Seq2[inventory.Object, error] {
	return func(yield func(inventory.Object, error) bool) {
		for o, err := range inventory.Objects(inputs, "") {
			if err == nil && o.Definition != nil && !yield(o, nil) {
				return
			}
		}
	}
}

// distinct leaves out the inputs that name an object that one before them names: of
// these a database keeps the last.
func distinct(t *testing.T, all []convert.Input) (inputs []convert.Input) {
	t.Helper()
	seen := map[inventory.Key]bool{}
	for _, in := range all {
		keys, twice := map[inventory.Key]bool{}, false
		for o := range inventory.Objects([]convert.Input{in}, "") {
			twice = twice || seen[o.Key] || keys[o.Key]
			keys[o.Key] = true
		}
		if twice || len(keys) == 0 {
			continue
		}
		for k := range keys {
			seen[k] = true
		}
		inputs = append(inputs, in)
	}
	return inputs
}

// files are the documents of the corpus, each an input, or of the scenarios.
func files(t *testing.T) (inputs []convert.Input) {
	t.Helper()
	patterns := []string{"../../convert/testdata/*/*.txtar"}
	if corpus := os.Getenv("GITOPS_CORPUS"); corpus != "" {
		patterns = []string{filepath.Join(corpus, "argo", "*.yaml"), filepath.Join(corpus, "flux", "*.yaml")}
	}
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for part := range strings.SplitSeq(string(data), "\n---\n") {
				for section := range strings.SplitSeq(part, "\n-- ") {
					if i := strings.Index(section, "apiVersion:"); i >= 0 {
						inputs = append(inputs, convert.Input{Name: name, Data: []byte(section[i:])})
					}
				}
			}
		}
	}
	return inputs
}
