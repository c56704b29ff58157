package convert_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	catalogue "github.com/kubectl-gitops/kubectl-gitops/pkg/finding"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// corpus returns the objects of the folders below GITOPS_CORPUS. Without it, since
// public objects are not part of this repository, it returns the scenarios' inputs.
func corpus(t *testing.T, dirs ...string) (inputs []convert.Input) {
	t.Helper()
	root := os.Getenv("GITOPS_CORPUS")
	if root == "" {
		return ownInputs(t, dirs)
	}
	for _, dir := range dirs {
		for _, file := range filesOf(t, filepath.Join(root, dir, "*.yaml")) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			inputs = append(inputs, convert.Input{Name: dir + "/" + filepath.Base(file), Data: data})
		}
	}
	return inputs
}

// ownInputs stand in for the corpus: what its folders are for is in these.
func ownInputs(t *testing.T, dirs []string) (inputs []convert.Input) {
	t.Helper()
	pattern := "testdata/[afst]*s/*.txtar" // appsets, fields, sources, traps
	if strings.HasPrefix(dirs[0], "flux") {
		pattern = "testdata/back/*.txtar"
	}
	for _, file := range filesOf(t, pattern) {
		for _, in := range readScenario(t, file).Inputs() {
			in.Name = file + "/" + in.Name
			inputs = append(inputs, in)
		}
	}
	return inputs
}

func filesOf(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return files
}

func outcomes(t *testing.T, inputs []convert.Input, o convert.Options) (all []convert.Outcome) {
	t.Helper()
	seq, err := convert.Convert(inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	for out := range seq {
		all = append(all, out)
	}
	return all
}

// TestCorpus holds the promises over every public object of either tool: each leaf
// has one entry, none unknown, each output is valid, and a second run gives the same
// bytes.
func TestCorpus(t *testing.T) {
	t.Run("argocd", func(t *testing.T) {
		checkCorpus(t, corpus(t, "argo", "argo-partial"), convert.Options{To: convert.ToFlux, TemplateFunctions: functions.Map()})
	})
	t.Run("flux", func(t *testing.T) {
		checkCorpus(t, corpus(t, "flux", "flux-partial"), convert.Options{To: convert.ToArgo})
	})
}

func checkCorpus(t *testing.T, inputs []convert.Input, o convert.Options) {
	first := outcomes(t, inputs, o)
	o.Workers = 1
	second := outcomes(t, inputs, o)
	counts := map[string]int{}
	for i, out := range first {
		where := out.File + " " + out.Object.Kind + " " + out.Object.Name
		if string(stream(t, out)) != string(stream(t, second[i])) {
			t.Errorf("%s: two runs differ", where)
		}
		switch {
		case out.Err != nil:
			counts["failed"]++
			t.Logf("failed: %v", out.Err)
		case out.Status == convert.Converted:
			counts["converted"]++
			checkLedgers(t, where, source(t, inputs, out), out)
			checkValid(t, where, out)
		case out.Object.Kind == "Application" || out.Object.Kind == "Kustomization" || out.Object.Kind == "HelmRelease":
			counts[out.Object.Kind+" passed"]++
		default:
			counts["passed"]++
		}
		for _, e := range out.Entries {
			counts[e.Fidelity.String()]++
			if e.Fidelity == ledger.Unknown {
				t.Errorf("%s: unknown: %s: %s", where, e.From.Path, e.Note)
			}
			if _, ok := catalogue.Find(e.ID); !ok {
				t.Errorf("%s: nothing explains %s", where, e.ID)
			}
		}
	}
	checkTargets(t, first)
	t.Log(counts)
}

// checkTargets: what the ledger says was written is there, or is a Namespace that the input
// holds already.
func checkTargets(t *testing.T, outs []convert.Outcome) {
	t.Helper()
	written := map[ledger.Object][]*yaml.Node{}
	for _, out := range outs {
		for _, o := range out.Out {
			if out.Status != convert.Converted && o.Object.Kind != "Namespace" {
				continue
			}
			object, root := o.Object, parsed(t, o.Data)
			object.Name = node.Text(root, "metadata", "name") // only the head of what passes was read
			written[object] = append(written[object], root)
		}
	}
	for _, out := range outs {
		for _, e := range out.Entries {
			for _, to := range e.To {
				if !slices.ContainsFunc(written[to.Object], func(root *yaml.Node) bool { return ledger.Exists(root, to.Path) }) {
					t.Errorf("%s:%d: %s %s says that it wrote %s of %s %s, which is not there", e.From.File, e.From.Line, e.ID, e.From.Path, to.Path, to.Kind, to.Name)
				}
			}
		}
	}
}

func stream(t *testing.T, out convert.Outcome) []byte {
	t.Helper()
	var buf bytes.Buffer
	s := convert.NewStream(&buf)
	for _, o := range out.Out {
		if err := s.Write(o); err != nil {
			t.Fatal(err)
		}
	}
	return buf.Bytes()
}

func source(t *testing.T, inputs []convert.Input, out convert.Outcome) *yaml.Node {
	t.Helper()
	for _, in := range inputs {
		if in.Name == out.File {
			docs, err := document.Split(in.Name, in.Data)
			if err != nil {
				t.Fatal(err)
			}
			root, err := docs[out.Index].Parse()
			if err != nil {
				t.Fatal(err)
			}
			return root
		}
	}
	t.Fatalf("no input %s", out.File)
	return nil
}

// leafPaths lists the leaves by a walk of its own.
func leafPaths(n *yaml.Node, path string) (paths []string) {
	if node.Leaf(n) {
		return []string{path}
	}
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			paths = append(paths, leafPaths(child, ledger.Index(path, i))...)
		case i%2 == 1:
			paths = append(paths, leafPaths(child, ledger.Key(path, n.Content[i-1].Value))...)
		}
	}
	return paths
}

// own are the entries about the document itself, not about what a set makes or another
// Application that has the same release.
func own(out convert.Outcome) (entries []ledger.Entry) {
	for _, e := range out.Entries {
		if e.From.Object == out.Object {
			entries = append(entries, e)
		}
	}
	return entries
}

// ofTwo are the entries that the later of two Applications tells of the earlier one.
var ofTwo = map[string]bool{"release-name-shared": true, "sync-option-create-namespace": true}

// checkLedgers takes a list by its items: each converted one has a ledger of its own.
func checkLedgers(t *testing.T, where string, root *yaml.Node, out convert.Outcome) {
	t.Helper()
	if out.Object.Kind != "List" {
		checkLedger(t, where, root, own(out))
		return
	}
	byObject := map[string][]ledger.Entry{}
	for _, e := range out.Entries {
		o := e.From.Object
		key := strings.Join([]string{o.Kind, o.Namespace, o.Name}, "/")
		byObject[key] = append(byObject[key], e)
	}
	for _, item := range node.Items(root, "items") {
		key := strings.Join([]string{node.Text(item, "kind"), node.Text(item, "metadata", "namespace"), node.Text(item, "metadata", "name")}, "/")
		entries := byObject[key]
		if slices.ContainsFunc(entries, func(e ledger.Entry) bool { return !e.Absent }) {
			checkLedger(t, where, item, entries) // the others stay, and are only noted
		}
		delete(byObject, key)
	}
	for key, entries := range byObject {
		if slices.ContainsFunc(entries, func(e ledger.Entry) bool { return !e.Absent || !ofTwo[e.ID] }) {
			t.Errorf("%s: entries of %s, which is no item", where, key)
		}
	}
}

func checkLedger(t *testing.T, where string, root *yaml.Node, entries []ledger.Entry) {
	t.Helper()
	seen := map[string]int{}
	for _, e := range entries {
		if !e.Absent {
			seen[e.From.Path]++
		}
		if e.Note == "" && (e.Fidelity == ledger.Approximate || e.Fidelity == ledger.Unsupported) {
			t.Errorf("%s: %s %s has no note", where, e.ID, e.From.Path)
		}
		if e.From.Line <= 0 || e.ID == "" {
			t.Errorf("%s: %s has line %d and ID %q", where, e.From.Path, e.From.Line, e.ID)
		}
	}
	for _, path := range leafPaths(root, "") {
		if seen[path] != 1 {
			t.Errorf("%s: leaf %s has %d entries", where, path, seen[path])
		}
		delete(seen, path)
	}
	for path := range seen {
		t.Errorf("%s: entry for %s, which is no leaf", where, path)
	}
}

func checkValid(t *testing.T, where string, out convert.Outcome) {
	t.Helper()
	for _, o := range out.Out {
		docs, err := document.Split("out", o.Data)
		if err != nil || len(docs) != 1 {
			t.Fatalf("%s: %d documents, %v", where, len(docs), err)
		}
		root, err := docs[0].Parse()
		if err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		s, ok := schemaFor(t, o.Object)
		for _, problem := range refused(root) {
			t.Errorf("%s: %s %s: %s", where, o.Object.Kind, o.Object.Name, problem)
		}
		if !ok && !strings.HasPrefix(o.Object.APIVersion, "v1") && !strings.HasPrefix(o.Object.APIVersion, "rbac.") && out.Object.Kind != "ResourceSet" &&
			flux.Group(o.Object.APIVersion) != flux.OperatorGroup {
			t.Errorf("%s: no schema for %v", where, o.Object)
		}
		if ok {
			for _, p := range s.Validate(root) {
				t.Errorf("%s: %s %s: %s: %s", where, o.Object.Kind, o.Object.Name, p.Path, p.Message)
			}
		}
	}
}
