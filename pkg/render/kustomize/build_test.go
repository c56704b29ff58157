package kustomize

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// files writes files, given as name and text in turn, and lists them.
func files(t *testing.T, pairs ...string) *source.Files {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(pairs); i += 2 {
		name := filepath.Join(dir, pairs[i])
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(pairs[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sources := &source.Sources{Checkouts: []source.Checkout{{URL: "https://example.com/a", Dir: dir}}}
	got, err := sources.Tree(t.Context(), source.Request{Kind: source.Git, URL: "https://example.com/a"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := got.Files()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n"

// TestOffline: what would be fetched is refused before anything is.
func TestOffline(t *testing.T) {
	for _, text := range []string{
		"resources: [https://example.com/x.yaml]", "resources: ['github.com/org/repo//dir?ref=v1']",
		"resources: ['git@example.com:org/repo']", "resources: ['ssh://git@example.com/org/repo']",
		"bases: ['git::https://example.com/org/repo']", "components: [https://example.com/org/repo//c]",
		"crds: [http://example.com/crd.json]", "patches: [{path: https://example.com/p.yaml}]",
		"configMapGenerator: [{name: a, files: [a=https://example.com/a]}]",
		"openapi: {path: https://example.com/schema.json}",
	} {
		f := files(t, "a/kustomization.yaml", text+"\n", "b/kustomization.yaml", "resources: [../a]\n")
		_, err := Build{FS: FS(f), Dir: filepath.Join(f.Dir, "b"), Offline: true}.Run()
		if !errors.Is(err, ErrRemote) && (err == nil || !strings.Contains(err.Error(), ErrRemote.Error())) {
			t.Errorf("%s: %v", text, err)
		}
	}
	f := files(t, "kustomization.yaml", "resources: [m.yaml]\npatches: [{patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {path: https://example.com}}'}]\nconfigMapGenerator: [{name: a, literals: [url=https://example.com]}]\n", "m.yaml", configMap)
	if _, err := (Build{FS: FS(f), Dir: f.Dir, Offline: true}).Run(); err != nil {
		t.Errorf("URLs that are only text: %v", err)
	}
}

// TestSource: what the source does not hold does not exist, and nothing is written.
func TestSource(t *testing.T) {
	f := files(t, "in/kustomization.yaml", "resources: [../../out.yaml]\n", "in/m.yaml", configMap)
	out := filepath.Join(filepath.Dir(f.Dir), "out.yaml")
	if err := os.WriteFile(out, []byte(configMap), 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(out)
	dir := filepath.Join(f.Dir, "in")
	if _, err := (Build{FS: FS(f), Dir: dir, Offline: true}).Run(); err == nil || !strings.Contains(err.Error(), "in the source") {
		t.Errorf("a file outside: %v", err)
	}
	over := Overlay(FS(f), map[string][]byte{filepath.Join(dir, "kustomization.yaml"): []byte("resources: [m.yaml]\nnamePrefix: over-\n")})
	built, err := Build{FS: over, Dir: dir, Offline: true}.Run()
	if err != nil {
		t.Fatal(err)
	}
	objects, err := built.Objects(manifest.Origin{})
	if err != nil || len(objects) != 1 || objects[0].GetName() != "over-m" {
		t.Errorf("%v, %v", objects, err)
	}
	for _, err := range []error{over.WriteFile(dir+"/x", nil), over.MkdirAll(dir + "/d"), over.RemoveAll(dir)} {
		if !errors.Is(err, os.ErrPermission) {
			t.Errorf("written: %v", err)
		}
	}
}

// TestRestricted: Argo CD's kustomize takes no files from outside of a kustomization's
// own directory, Flux's does.
func TestRestricted(t *testing.T) {
	f := files(t, "in/kustomization.yaml", "resources: [../m.yaml]\n", "m.yaml", configMap)
	for restricted, fails := range map[bool]bool{true: true, false: false} {
		_, err := Build{FS: FS(f), Dir: filepath.Join(f.Dir, "in"), Restricted: restricted, Offline: true}.Run()
		if (err != nil) != fails {
			t.Errorf("restricted %v: %v", restricted, err)
		}
	}
}

// TestSchema: a build with a schema of its own leaves none to the next.
func TestSchema(t *testing.T) {
	schema := `{"definitions": {"v1.Thing": {"type": "object", "properties": {"spec": {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "object"}, "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge"}}}}, "x-kubernetes-group-version-kind": [{"group": "example.com", "kind": "Thing", "version": "v1"}]}}}`
	const thing = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec: {list: [{name: a}]}\n"
	const patches = "resources: [t.yaml]\npatches: [{patch: '{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}, spec: {list: [{name: b}]}}'}]\n"
	f := files(t, "with/kustomization.yaml", patches+"openapi: {path: schema.json}\n", "with/schema.json", schema, "with/t.yaml", thing,
		"without/kustomization.yaml", patches, "without/t.yaml", thing)
	lengths := map[string]int{}
	for _, dir := range []string{"without", "with", "without"} {
		built, err := Build{FS: FS(f), Dir: filepath.Join(f.Dir, dir), Offline: true}.Run()
		if err != nil {
			t.Fatal(err)
		}
		objects, err := built.Objects(manifest.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		list := objects[0].Object["spec"].(map[string]any)["list"].([]any)
		if before, ok := lengths[dir]; ok && before != len(list) {
			t.Errorf("%s gave %d items, and %d before", dir, len(list), before)
		}
		lengths[dir] = len(list)
	}
	if lengths["with"] != 2 || lengths["without"] != 1 {
		t.Errorf("got %v", lengths)
	}
}

var _ filesys.FileSystem = overlay{}
