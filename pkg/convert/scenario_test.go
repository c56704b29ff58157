package convert_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/internal/scenario"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	build "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scenarios; read the diff")

// TestScenarios runs the files below testdata, as package scenario reads them. Each also
// holds what must come out: output.yaml and findings (all that is worse than equivalent).
// "kinds:", "fields:" and "ids:" among the options narrow what is shown to what the scenario
// is about.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".txtar")
		t.Run(name, func(t *testing.T) { runScenario(t, file) })
	}
}

func runScenario(t *testing.T, file string) {
	sc := readScenario(t, file)
	inputs := sc.Inputs()
	out := outcomes(t, inputs, sc.Options)
	got := map[string]string{"output.yaml": text(t, out, sc.Kinds, sc.Fields), "findings": findings(out, sc.IDs)}
	for _, section := range []string{"output.yaml", "findings"} {
		if *update {
			setSection(sc.Archive, section, got[section])
		} else if got[section] != sc.Sections[section] {
			t.Errorf("%s is\n%s\nwant\n%s", section, got[section], sc.Sections[section])
		}
	}
	for _, one := range out {
		if one.Status == convert.Converted && one.Object.Kind != "List" {
			checkLedger(t, file, source(t, append(inputs, checkoutInputs(sc)...), one), own(one))
			checkValid(t, file, one)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(sc.Archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// readScenario reads a file, with the functions that templates of the plugin have.
func readScenario(t *testing.T, file string) *scenario.Scenario {
	t.Helper()
	sc, err := scenario.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	sc.Options.TemplateFunctions = functions.Map()
	return sc
}

// checkoutInputs are the files of the checkout under the names that outcomes have.
func checkoutInputs(sc *scenario.Scenario) (inputs []convert.Input) {
	for name, data := range sc.Sections {
		if file, ok := strings.CutPrefix(name, "checkout/"); ok {
			inputs = append(inputs, convert.Input{Name: path.Base(sc.URLs[0]) + "//" + file, Data: []byte(data)})
		}
	}
	return inputs
}

func text(t *testing.T, out []convert.Outcome, kinds, fields []string) string {
	t.Helper()
	var buf bytes.Buffer
	s := convert.NewStream(&buf)
	for _, one := range out {
		for _, o := range one.Out {
			if kinds != nil && !slices.Contains(kinds, o.Object.Kind) {
				continue
			}
			if fields != nil && one.Status == convert.Converted {
				o.Data = only(t, o.Data, append([]string{"metadata.name"}, fields...))
			}
			if err := s.Write(o); err != nil {
				t.Fatal(err)
			}
		}
	}
	return buf.String()
}

// only returns an object with nothing but the fields.
func only(t *testing.T, data []byte, fields []string) []byte {
	t.Helper()
	doc := document.Doc{File: "output.yaml", Line: 1, Raw: data}
	root, err := doc.Parse()
	if err != nil {
		t.Fatal(err)
	}
	picked := &build.Object{Root: node.Map()}
	for _, field := range fields {
		if value := node.At(root, strings.Split(field, ".")...); value != nil {
			picked.Set(value, strings.Split(field, ".")...)
		}
	}
	var buf bytes.Buffer
	if err := document.Encode(&buf, picked.Root); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func findings(out []convert.Outcome, ids []string) string {
	var b strings.Builder
	for _, one := range out {
		if one.Err != nil {
			fmt.Fprintf(&b, "error: %v\n", one.Err)
		}
		for _, e := range one.Entries {
			if ids != nil && !slices.Contains(ids, e.ID) {
				continue
			}
			if ids != nil || e.Fidelity.Severity() >= ledger.Approximate.Severity() {
				b.WriteString(finding(e))
			}
		}
	}
	return b.String()
}

func finding(e ledger.Entry) string {
	mark := ""
	if e.Blocking {
		mark = " BLOCKING"
	}
	where := ""
	if e.From.File != "input.yaml" {
		where = e.From.File + ":"
	}
	return fmt.Sprintf("%s%d %s%s %s %s: %s\n", where, e.From.Line, e.Fidelity, mark, e.ID, e.From.Path, e.Note)
}

func setSection(a *txtar.Archive, name, data string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(data)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(data)})
}
