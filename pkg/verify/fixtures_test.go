package verify

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/internal/scenario"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// A fixture is an input whose sources are at hand.
type fixture struct {
	name    string
	inputs  []convert.Input
	options Options
}

// add lets a directory stand for a repository, for both the conversion and rendering.
func (f *fixture) add(url, dir string) {
	f.options.Convert.Checkouts = append(f.options.Convert.Checkouts, convert.Checkout{URL: url, FS: os.DirFS(dir)})
	f.options.Render.Sources.Checkouts = append(f.options.Render.Sources.Checkouts, source.Checkout{URL: url, Dir: dir})
}

func newFixture(t *testing.T, name string) *fixture {
	return &fixture{name: name, options: Options{
		Render: render.Options{Sources: &source.Sources{Offline: true, Cache: t.TempDir()}},
	}}
}

// renderFixtures are the Applications that rendering is tested with, and Flux objects for
// the same repositories: a file each.
func renderFixtures(t *testing.T) (all []*fixture) {
	t.Helper()
	for _, pattern := range []string{"../render/argocd/testdata/apps/*.yaml", "testdata/promises/*.yaml"} {
		for _, file := range glob(t, pattern) {
			f := newFixture(t, strings.TrimSuffix(filepath.Base(file), ".yaml"))
			f.inputs = []convert.Input{{Name: filepath.Base(file), Data: read(t, file)}}
			for _, dir := range glob(t, "../render/testdata/repos/*") {
				f.add("https://example.com/"+filepath.Base(dir), dir)
			}
			all = append(all, f)
		}
	}
	return all
}

// corpusFixtures are the files below GITOPS_CORPUS; none where it is not set, as public
// objects are no part of this repository.
func corpusFixtures(t *testing.T) (all []*fixture) {
	t.Helper()
	root := os.Getenv("GITOPS_CORPUS")
	if root == "" {
		return nil
	}
	for _, file := range slices.Concat(glob(t, root+"/argo/*.yaml"), glob(t, root+"/flux/*.yaml")) {
		f := newFixture(t, filepath.Base(file))
		f.inputs = []convert.Input{{Name: filepath.Base(file), Data: read(t, file)}}
		all = append(all, f)
	}
	return all
}

// scenarioFixtures are the scenarios of the conversion that hold a checkout.
func scenarioFixtures(t *testing.T) (all []*fixture) {
	t.Helper()
	for _, pattern := range []string{"functional/cases", "functional/back", "traps", "sources", "fields", "back"} {
		for _, file := range glob(t, "../convert/testdata/"+pattern+"/*.txtar") {
			sc, err := scenario.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			f := newFixture(t, pattern+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"))
			if f.unpack(t, sc) {
				all = append(all, f)
			}
		}
	}
	return all
}

// unpack takes a scenario, and tells whether it holds a checkout, which stands for a
// repository even where the conversion sees none. The direction is found out.
func (f *fixture) unpack(t *testing.T, sc *scenario.Scenario) (ok bool) {
	t.Helper()
	dir := t.TempDir()
	var parts parts
	for _, file := range sc.Archive.Files {
		if path, isCheckout := strings.CutPrefix(file.Name, "checkout/"); isCheckout {
			ok = true
			write(t, filepath.Join(dir, path), file.Data)
			continue
		}
		parts.add(t, file)
	}
	f.inputs = append(sc.Inputs(), parts.inputs(t)...)
	f.options.Convert = sc.Plain()
	f.options.Convert.To, f.options.Convert.Checkouts = "", nil
	urls := sc.URLs
	if urls == nil {
		urls = []string{"https://github.com/o/r"}
	}
	for _, url := range urls {
		f.add(url, dir)
	}
	return ok
}

// parts are the specs of a functional case, by the name of the object.
type parts struct{ apps, kustomizations, sources map[string]map[string]any }

func (p *parts) add(t *testing.T, file txtar.File) {
	t.Helper()
	kind, name, _ := strings.Cut(file.Name, "/")
	for section, all := range map[string]*map[string]map[string]any{"app": &p.apps, "kustomization": &p.kustomizations, "source": &p.sources} {
		if kind != section {
			continue
		}
		if *all == nil {
			*all = map[string]map[string]any{}
		}
		(*all)[name] = parse(t, string(file.Data))
	}
}

// inputs are the objects, with what TestFunctional and TestFunctionalBack of the
// conversion lay their specs over.
func (p *parts) inputs(t *testing.T) (all []convert.Input) {
	t.Helper()
	put := func(apiVersion, kind, namespace, name string, spec map[string]any) {
		data, err := yaml.Marshal(map[string]any{
			"apiVersion": apiVersion, "kind": kind,
			"metadata": map[string]any{"name": name, "namespace": namespace}, "spec": spec,
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, convert.Input{Name: fmt.Sprintf("%s-%s.yaml", strings.ToLower(kind), name), Data: data})
	}
	for _, name := range slices.Sorted(maps.Keys(p.apps)) {
		spec := scenario.Merge(parse(t, `
project: default
source: {repoURL: https://github.com/o/r, path: app, targetRevision: main}
destination: {server: https://kubernetes.default.svc, namespace: prod}
syncPolicy: {automated: {prune: true, selfHeal: true}}`), p.apps[name])
		if spec["sources"] != nil {
			delete(spec, "source")
		}
		put("argoproj.io/v1alpha1", "Application", "argocd", name, spec)
	}
	for _, name := range slices.Sorted(maps.Keys(p.kustomizations)) {
		put("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", name,
			scenario.Merge(parse(t, `{interval: 1m, url: "https://github.com/o/r", ref: {branch: main}}`), p.sources[name]))
		put("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "flux-system", name,
			scenario.Merge(parse(t, `{interval: 10m, prune: true, path: app, sourceRef: {kind: GitRepository, name: `+name+`}}`), p.kustomizations[name]))
	}
	return all
}

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return m
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing is %s: %v", pattern, err)
	}
	return files
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
