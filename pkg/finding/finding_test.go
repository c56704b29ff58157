package finding

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
)

var update = flag.Bool("update", false, "write docs/findings.md")

// TestCatalogue: every ID that the code can give has a section, and every section is an
// ID of the code.
func TestCatalogue(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	code := source(t)
	if len(code.ids) < 300 {
		t.Errorf("only %d IDs were found in the code", len(code.ids))
	}
	for id, at := range code.ids {
		if _, ok := Find(id); !ok {
			t.Errorf("%s: %s has no section in pkg/finding/text", at, id)
		}
	}
	for _, f := range all {
		if _, ok := code.ids[f.ID]; !ok {
			t.Errorf("%s is no ID of the code", f.ID)
		}
	}
}

// TestRows: the scan of the code knows the IDs of the field table.
func TestRows(t *testing.T) {
	table, err := mapping.Default()
	if err != nil {
		t.Fatal(err)
	}
	code := source(t)
	for _, r := range table.Rows {
		if _, ok := code.ids[r.ID]; !ok {
			t.Errorf("the scan does not see %s", r.ID)
		}
	}
}

//go:generate go test -run TestPage . -update

// TestPage: docs/findings.md is the catalogue, and what it names of files is there.
func TestPage(t *testing.T) {
	const page = "../../docs/findings.md"
	var now bytes.Buffer
	if err := Page(&now); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(page, now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if old, err := os.ReadFile(page); err != nil || !bytes.Equal(old, now.Bytes()) {
		t.Errorf("docs/findings.md is stale (%v): go generate ./pkg/finding", err)
	}
}

// TestReferences: a text that names another ID in backticks names one that exists.
func TestReferences(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		for _, p := range f.Paragraphs {
			_, rest, see := strings.Cut(p, "See `")
			if !see {
				_, rest, see = strings.Cut(p, "see `")
			}
			id, _, _ := strings.Cut(rest, "`")
			if see && !slices.ContainsFunc(all, func(o Finding) bool { return o.ID == id }) {
				t.Errorf("%s refers to %q", f.ID, id)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"no heading", "## Not An ID\n\ntext", "## one\n\n## two\n\ntext", "## one"} {
		if found, err := parse(text); err == nil {
			t.Errorf("%q gives %v", text, found)
		}
	}
}
