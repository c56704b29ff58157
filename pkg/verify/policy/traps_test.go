package policy

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

var update = flag.Bool("update", false, "write what comes out into the fixtures")

// read makes one deployment of all that an input deploys.
func read(t *testing.T, name, data string) *deployment.Deployment {
	t.Helper()
	side, err := deployment.Read([]convert.Input{{Name: name, Data: []byte(data)}}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return &deployment.Deployment{Side: side, Appliers: side.Appliers}
}

// show writes the rows of the IDs.
func show(rows []Row, ids []string) string {
	var b strings.Builder
	for _, r := range rows {
		if slices.Contains(ids, r.ID) {
			fmt.Fprintf(&b, "%s %s: %s | %s\n", r.Verdict, r.ID, r.Left.Text, r.Right.Text)
			for _, v := range []Value{r.Left, r.Right} {
				fmt.Fprintf(&b, "  %s:%d %s %s\n", v.Where.File, v.Where.Line, v.Where.Object.Kind, v.Where.Path)
			}
			fmt.Fprintf(&b, "  %s\n", r.Meaning)
		}
	}
	return b.String()
}

// TestTraps: what a naive conversion of each trap writes differs in the rows that the
// fixture flags, for the reason that it shows.
func TestTraps(t *testing.T) {
	files, err := filepath.Glob("testdata/traps/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d traps: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { trap(t, file) })
	}
}

func trap(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	left, right := a.Files[1], a.Files[2]
	result := Compare(read(t, left.Name, string(left.Data)), read(t, right.Name, string(right.Data)))
	flags := strings.Fields(section(a, "flags"))
	for _, id := range flags {
		i := slices.IndexFunc(result, func(r Row) bool { return r.ID == id })
		if i < 0 || result[i].Verdict != Differs || result[i].Meaning == "" {
			t.Errorf("%s is not flagged", id)
		}
	}
	got := show(result, flags)
	if *update {
		a.Files[3].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want := section(a, "rows"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}
