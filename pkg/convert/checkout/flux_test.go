package checkout

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

func TestScanFluxTree(t *testing.T) {
	object := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	r := tree(map[string]string{
		".sourceignore": "/d/left.yaml\n/d/out\n", "d/.sourceignore": "own.yaml\n", "e/.sourceignore": "a.yaml\n",
		"d/a.yaml": object, "d/left.yaml": object, "d/own.yaml": object, "d/out/a.yaml": object, "d/out/b/c.yaml": object,
		"d/json/a.json": "{}", "d/values.yml": "a: 1\n", "d/k/Kustomization": "resources: [a.yaml]\n", "d/k/a.yaml": object,
		"d/more.yaml": object, "d/empty.yaml": "# nothing\n---\n", "d/notes.md": "",
	})
	s := r.ScanFlux(FluxView{Path: "./d/", Ignore: "more.yaml\n"})
	want := FluxTree{
		Nested: []string{"k"}, ArgoOnly: []string{"json/a.json", "left.yaml", "more.yaml", "out/", "own.yaml"}, Refused: []string{"values.yml"},
	}
	if !reflect.DeepEqual(s.Tree, want) || !s.Complete() {
		t.Errorf("got %+v", s)
	}
}

// Flux's archives hold no links, which Argo CD follows.
func TestScanFluxLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.yaml", filepath.Join(dir, "b.yaml")); err != nil {
		t.Fatal(err)
	}
	s := (&Repo{FS: os.DirFS(dir)}).ScanFlux(FluxView{Path: "."})
	if !slices.Equal(s.Tree.ArgoOnly, []string{"b.yaml"}) {
		t.Errorf("got %+v", s.Tree)
	}
}

// What cannot be read may hold anything.
func TestScanFluxUnread(t *testing.T) {
	for name, file := range map[string]string{
		"remote":       "resources: [https://user:word@example.com/base?ref=v1]\n",
		"short remote": "resources: [github.com/o/r]\n",
		"missing":      "resources: [none.yaml]\n",
		"no object":    "resources: [values.yaml]\n",
		"template":     "resources: [template.yaml]\n",
		"directory":    "resources: [empty]\n",
		"charts":       "helmCharts: [{name: x}]\n",
		"transformers": "transformers: [x.yaml]\n",
		"patch":        "patches: [{path: none.yaml}]\n",
		"inline patch": "patches: [{patch: '{'}]\n",
		"generator":    "configMapGenerator: [{name: x, files: [a=none.txt]}]\n",
		"environment":  "secretGenerator: [{name: x, env: none.env}]\n",
		"component":    "components: [none]\n",
		"broken":       "resources: [\n",
		"two":          "resources: []\n---\nresources: []\n",
	} {
		r := tree(map[string]string{
			"app/kustomization.yaml": file, "app/template.yaml": "a: {{ .x }}\n b\n", "app/values.yaml": "a: 1\n", "app/empty/README.md": "",
		})
		if s := r.ScanFlux(FluxView{Path: "app"}); s.Complete() {
			t.Errorf("%s: the scan claims to be complete", name)
		}
	}
}

func TestScanFluxCredentials(t *testing.T) {
	r := tree(map[string]string{"app/kustomization.yaml": "resources: ['git::https://user:word@example.com/base?token=word']\n"})
	if got := r.ScanFlux(FluxView{Path: "app"}).Unread; !slices.Equal(got, []string{"what app/kustomization.yaml names, which is not in the checkout"}) {
		t.Errorf("got %v", got)
	}
}

// A binary file is encoded, and holds no variable then.
func TestScanFluxVariables(t *testing.T) {
	r := tree(map[string]string{
		"app/kustomization.yaml": "configMapGenerator: [{name: x, files: [a.bin]}]\nresources: [../app, ../base]\n",
		"app/a.bin":              "\xff${a}", "base/kustomization.yml": "resources: [../app]\n",
	})
	if s := r.ScanFlux(FluxView{Path: "app"}); len(s.Variables) > 0 || !s.Complete() {
		t.Errorf("got %+v", s)
	}
}

func TestPatchMarks(t *testing.T) {
	kept := []Mark{{Key: "prune", Value: "disabled", Object: "here"}}
	for text, want := range map[string][]Mark{
		"metadata: {annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}\n":                                               kept,
		"- {op: add, path: /metadata/annotations/kustomize.toolkit.fluxcd.io~1prune, value: disabled}\n":                         kept,
		`[{"op": "add", "path": "/metadata/annotations", "value": {"kustomize.toolkit.fluxcd.io/prune": "disabled"}}]`:           kept,
		"metadata: {labels: {kustomize.toolkit.fluxcd.io/ssa: ignore}}\n":                                                        {{Key: "ssa", Value: "Ignore", Object: "here", Label: true, Cased: true}},
		"metadata: {annotations: {kustomize.toolkit.fluxcd.io/prune: null}}\n":                                                   nil,
		"- {op: remove, path: /metadata/annotations/kustomize.toolkit.fluxcd.io~1prune}\n- {op: add, path: /spec/a, value: b}\n": nil,
	} {
		if got := PatchMarks("here", text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %+v", text, got)
		}
	}
}
