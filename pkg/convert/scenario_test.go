package convert_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	build "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scenarios; read the diff")

// TestScenarios runs the files below testdata. Each holds input.yaml or files below
// "input/", options ("name: value" lines), files of local checkouts below "checkout/", and what must
// come out: output.yaml and findings (all that is worse than equivalent).
// "checkout: URL" among the options names the repository; "kinds:", "fields:" and
// "ids:" narrow what is shown to what the scenario is about.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".txtar")
		t.Run(name, func(t *testing.T) { scenario(t, file) })
	}
}

func scenario(t *testing.T, file string) {
	archive, sections := readScenario(t, file)
	o := scenarioOptions(t, sections)
	kinds, fields, ids := listOption(sections, "kinds"), listOption(sections, "fields"), listOption(sections, "ids")
	inputs := scenarioInputs(archive)
	out := outcomes(t, inputs, o)
	got := map[string]string{"output.yaml": text(t, out, kinds, fields), "findings": findings(out, ids)}
	for _, section := range []string{"output.yaml", "findings"} {
		if *update {
			setSection(archive, section, got[section])
		} else if got[section] != sections[section] {
			t.Errorf("%s is\n%s\nwant\n%s", section, got[section], sections[section])
		}
	}
	for _, one := range out {
		if one.Status == convert.Converted && one.Object.Kind != "List" {
			checkLedger(t, file, source(t, append(inputs, checkoutInputs(sections)...), one), own(one))
			checkValid(t, file, one)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// readScenario returns a file with its sections by name.
func readScenario(t *testing.T, file string) (*txtar.Archive, map[string]string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, f := range archive.Files {
		sections[f.Name] = string(f.Data)
	}
	return archive, sections
}

// scenarioInputs are input.yaml, or the files below "input/".
func scenarioInputs(a *txtar.Archive) (inputs []convert.Input) {
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok || f.Name == "input.yaml" {
			inputs = append(inputs, convert.Input{Name: name, Data: f.Data})
		}
	}
	return inputs
}

func scenarioOptions(t *testing.T, sections map[string]string) convert.Options {
	t.Helper()
	o := convert.Options{TemplateFunctions: functions.Map()}
	for line := range strings.Lines(sections["options"]) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "kinds", "fields", "ids":
		case "checkout":
			o.Checkouts = append(o.Checkouts, convert.Checkout{URL: value, FS: checkoutFS(sections)})
		case "to":
			o.To = convert.Direction(value)
		case "expand-only":
			o.ExpandOnly = value == "true"
		case "converted-path":
			o.ConvertedPath = value
		case "appset":
			o.AppSet = convert.AppSet(value)
		case "namespace":
			o.Namespace = value
		case "allow-blocking":
			o.AllowBlocking = value == "true"
		case "default-branch":
			o.DefaultBranch = value
		case "ref-values":
			o.RefValues = convert.RefValues(value)
		case "placement":
			o.Placement = convert.Placement(value)
		case "flux-version":
			o.FluxVersion = value
		case "source-url":
			given, err := convert.ParseSourceURL(value)
			if err != nil {
				t.Fatal(err)
			}
			o.SourceURLs = append(o.SourceURLs, given)
		case "collapse":
			o.Collapse = value == "true"
		case "substitute":
			o.Substitute = value == "true"
		case "redact-secrets":
			o.RedactSecrets = value == "true"
		case "preserve":
			o.Preserve = value == "true"
		default:
			t.Fatalf("unknown option %q", key)
		}
	}
	return o
}

func checkoutFS(sections map[string]string) fs.FS {
	tree := fstest.MapFS{}
	for name, data := range sections {
		if file, ok := strings.CutPrefix(name, "checkout/"); ok {
			tree[file] = &fstest.MapFile{Data: []byte(data)}
		}
	}
	return tree
}

// checkoutInputs are the files of the checkout under the names that outcomes have.
func checkoutInputs(sections map[string]string) (inputs []convert.Input) {
	for name, data := range sections {
		if file, ok := strings.CutPrefix(name, "checkout/"); ok {
			label := path.Base(listOption(sections, "checkout")[0])
			inputs = append(inputs, convert.Input{Name: label + "//" + file, Data: []byte(data)})
		}
	}
	return inputs
}

func listOption(sections map[string]string, name string) []string {
	for line := range strings.Lines(sections["options"]) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.Fields(rest)
		}
	}
	return nil
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
