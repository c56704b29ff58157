package convert_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/internal/scenario"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// TestFunctional proves with the real kustomize that a converted Application
// deploys what Argo CD deploys: it renders each fixture once with Argo CD's steps
// and once with those of Flux's controllers, and compares the objects.
//
// A file of testdata/functional/cases holds a repository below "checkout/" and
// several Applications of it, each in "app/NAME" as what its spec has beyond
// [usualSpec]. The sections "differences/NAME" and "holds/NAME" are optional:
// the first lists each difference as "ID[words]: text", where the ledger must announce
// it under that ID in a note with these words, the second what each Kustomization must hold. "protected/NAME"
// lists what Flux must never prune, "recreated/NAME" what it recreates where it
// cannot change it, as "NAME: Kind/name ...". "options" is as in the scenarios.
func TestFunctional(t *testing.T) {
	files, err := filepath.Glob("testdata/functional/cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	kustomize := kustomizeProgram(t)
	for _, file := range files {
		sc := readScenario(t, file)
		for _, section := range slices.Sorted(maps.Keys(sc.Sections)) {
			if name, ok := strings.CutPrefix(section, "app/"); ok {
				c := functionalCase{Scenario: sc, name: name, kustomize: kustomize}
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, c.run)
			}
		}
	}
}

// A functionalCase is one Application of a fixture.
type functionalCase struct {
	*scenario.Scenario
	name, kustomize string
	mayFail         bool // Argo CD's build may fail, and deploys nothing then
}

func (c functionalCase) run(t *testing.T) {
	t.Parallel()
	app := scenario.Merge(usualSpec(t), parseMap(t, c.Sections["app/"+c.name]))
	if app["sources"] != nil {
		delete(app, "source")
	}
	out := c.convert(t, app)
	argo := argoSide(t, c, app)
	flux := fluxSide(t, c, out)
	c.checkDifferences(t, compare(argo, flux.all), out.Entries)
	c.checkEach(t, flux, "holds", func(object) bool { return true })
	c.checkEach(t, flux, "recreated", func(o object) bool {
		return o.text("metadata", "annotations", "kustomize.toolkit.fluxcd.io/force") == "enabled"
	})
	c.checkProtected(t, flux)
}

const destination = "prod"

// usualSpec is the spec of every Application here, less what is its own.
func usualSpec(t *testing.T) map[string]any {
	return parseMap(t, `
project: default
source: {repoURL: https://github.com/o/r, path: app, targetRevision: main}
destination: {server: https://kubernetes.default.svc, namespace: `+destination+`}
syncPolicy: {automated: {prune: true, selfHeal: true}}
`)
}

func (c functionalCase) convert(t *testing.T, spec map[string]any) convert.Outcome {
	t.Helper()
	data, err := yaml.Marshal(map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
		"metadata": map[string]any{"name": c.name, "namespace": "argocd"}, "spec": spec,
	})
	if err != nil {
		t.Fatal(err)
	}
	out := outcomes(t, []convert.Input{{Name: "input.yaml", Data: data}}, c.Options)
	if len(out) != 1 || out[0].Status != convert.Converted {
		t.Fatalf("not converted: %+v", out)
	}
	return out[0]
}

// checkDifferences holds the differences against those that the case expects. An
// expected one that is gone fails too, so that the list stays true.
func (c functionalCase) checkDifferences(t *testing.T, got []string, entries []ledger.Entry) {
	t.Helper()
	var want []string
	for line := range strings.Lines(c.Sections["differences/"+c.name]) {
		id, text, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			t.Fatalf("differences need an ID: %q", line)
		}
		want = append(want, text)
		id, words, _ := strings.Cut(strings.TrimSuffix(id, "]"), "[")
		if !announced(entries, id, words) {
			t.Errorf("the ledger has no approximate or unsupported entry %s with %q, which should announce: %s", id, words, text)
		}
	}
	for _, text := range got {
		if !slices.Contains(want, text) {
			t.Errorf("differs: %s", text)
		}
	}
	for _, text := range want {
		if !slices.Contains(got, text) {
			t.Errorf("expected to differ: %s", text)
		}
	}
}

func announced(entries []ledger.Entry, id, words string) bool {
	return slices.ContainsFunc(entries, func(e ledger.Entry) bool {
		return e.ID == id && strings.Contains(e.Note, words) && (e.Fidelity == ledger.Approximate || e.Fidelity == ledger.Unsupported)
	})
}

// checkEach compares the wanted objects of each Kustomization with the section's
// "NAME: Kind/name ...".
func (c functionalCase) checkEach(t *testing.T, flux rendering, section string, wanted func(object) bool) {
	t.Helper()
	for line := range strings.Lines(c.Sections[section+"/"+c.name]) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), ":")
		got := flux.each[name].names(wanted)
		if want := strings.Fields(list); !slices.Equal(got, want) {
			t.Errorf("%s of Kustomization %s are %v, want %v", section, name, got, want)
		}
	}
}

// checkProtected compares which objects Flux never prunes with "Kind/name ...".
func (c functionalCase) checkProtected(t *testing.T, flux rendering) {
	t.Helper()
	section, ok := c.Sections["protected/"+c.name]
	got := flux.all.names(func(o object) bool {
		return o.text("metadata", "annotations", "kustomize.toolkit.fluxcd.io/prune") == "disabled"
	})
	if want := strings.Fields(section); ok && !slices.Equal(got, want) {
		t.Errorf("protected from pruning are %v, want %v", got, want)
	}
}

// tree writes the fixture's repository, less what drop selects, to a new directory.
func (c functionalCase) tree(t *testing.T, drop func(name string) bool) string {
	t.Helper()
	root := t.TempDir()
	files := c.Checkout()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || drop != nil && drop(name) {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		target := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func parseMap(t *testing.T, text string) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return m
}
