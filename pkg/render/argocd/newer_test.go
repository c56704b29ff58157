package argocd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// echo is a chart that prints its values, and where they came from is what is tested.
var echo = map[string]string{
	"Chart.yaml":         "{apiVersion: v2, name: echo, version: 1.0.0}",
	"templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: echo}\ndata: {order: {{ .Values.order | quote }}}\n",
	"values.yaml":        "order: chart\n",
	"e/a.yaml":           "order: a\n",
	"e/b.yaml":           "order: b\n",
	"e/deep/c.yaml":      "order: c\n",
}

// TestNewer covers what argo-cd v3.2.12, which the oracle runs, does not do yet. Each
// case follows the source of v3.6.1 that is named beside it.
func TestNewer(t *testing.T) {
	for _, c := range []struct{ name, spec, want string }{
		// repository.go getResolvedValueFiles: matches in lexical order, ** crosses
		// directories, a listed file keeps its own place, and each file counts once.
		{"glob", "helm: {valueFiles: ['e/*.yaml']}", "b"},
		{"deep glob", "helm: {valueFiles: ['e/**/*.yaml']}", "c"},
		{"listed after the glob", "helm: {valueFiles: ['e/*.yaml', e/a.yaml]}", "a"},
		{"listed before the glob", "helm: {valueFiles: [e/b.yaml, 'e/*.yaml']}", "a"},
		{"listed twice", "helm: {valueFiles: [e/a.yaml, e/b.yaml, e/a.yaml]}", "b"},
		{"glob that matches nothing", "helm: {valueFiles: ['x/*.yaml']}", "no such file"},
		{"glob that may match nothing", "helm: {ignoreMissingValueFiles: true, valueFiles: ['x/*.yaml']}", "chart"},
		// util/helm/cmd.go NewCmd
		{"helm v4", "helm: {version: v4}", "chart"},
	} {
		t.Run(c.name, func(t *testing.T) {
			app := renderTree(t, echo, c.spec)
			if app.Err != nil {
				if !strings.Contains(app.Err.Error(), c.want) {
					t.Errorf("%v, want %s", app.Err, c.want)
				}
				return
			}
			if data, _, _ := unstructured.NestedString(app.Objects[0].Object, "data", "order"); data != c.want {
				t.Errorf("order is %q, want %q", data, c.want)
			}
		})
	}
}

// TestExtensions: repository.go getPotentiallyValidManifestFile with
// disableExtensionFilter.
func TestExtensions(t *testing.T) {
	files := map[string]string{
		"one.manifest": "{apiVersion: v1, kind: ConfigMap, metadata: {name: one}}",
		"two.yaml":     "{apiVersion: v1, kind: ConfigMap, metadata: {name: two}}",
		"notes":        "nothing of Kubernetes",
	}
	for spec, want := range map[string]string{
		"directory: {disableExtensionFilter: true}":                        "one two",
		"directory: {disableExtensionFilter: true, include: '*.manifest'}": "one",
		"directory: {}": "two",
	} {
		app := renderTree(t, files, spec)
		if got := names(app); app.Err != nil || got != want {
			t.Errorf("%s: %q, want %q: %v", spec, got, want, app.Err)
		}
	}
}

// TestComponents: util/kustomize/kustomize.go breaks off after the first component that
// exists, in v3.6.1 alone, which the finding says.
func TestComponents(t *testing.T) {
	component := "{apiVersion: kustomize.config.k8s.io/v1alpha1, kind: Component, nameSuffix: -X}"
	app := renderTree(t, map[string]string{
		"kustomization.yaml":   "resources: [map.yaml]",
		"map.yaml":             "{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}",
		"a/kustomization.yaml": strings.ReplaceAll(component, "X", "a"),
		"b/kustomization.yml":  strings.ReplaceAll(component, "X", "b"),
	}, "kustomize: {ignoreMissingComponents: true, components: [a, none, b]}")
	if got := names(app); got != "m-a-b" || app.Err != nil {
		t.Errorf("%q: %v", got, app.Err)
	}
	count(t, app, "components-first-only", 1)
}

// TestConfined: nothing outside of a source is read.
func TestConfined(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("order: secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	lib := map[string]string{"a.jsonnet": "import '" + outside + "'"}
	up := map[string]string{"a.jsonnet": "importstr '../../../../../../../../../../../../../../../../../dev/zero'"}
	for name, c := range map[string]struct {
		files      map[string]string
		link, spec string
	}{
		"value file by link":         {echo, "link.yaml", "helm: {valueFiles: [link.yaml]}"},
		"value file by glob of link": {echo, "link.yaml", "helm: {valueFiles: ['l*.yaml']}"},
		"value file by dots":         {echo, "", "helm: {valueFiles: [../../secret]}"},
		"file parameter by link":     {echo, "link.txt", "helm: {fileParameters: [{name: order, path: link.txt}]}"},
		"manifest by link":           {map[string]string{}, "link.yaml", "directory: {}"},
		"jsonnet by absolute path":   {lib, "", "directory: {}"},
		"jsonnet by dots":            {up, "", "directory: {}"},
		"jsonnet by link":            {map[string]string{"a.jsonnet": "import 'l.libsonnet'"}, "l.libsonnet", "directory: {}"},
		"chart by link":              {echo, "templates/link.yaml", "helm: {}"},
		"resource by link":           {map[string]string{"kustomization.yaml": "resources: [link.yaml]"}, "link.yaml", "kustomize: {}"},
		"resource by dots":           {map[string]string{"kustomization.yaml": "resources: [../../../../../../../../etc]"}, "", "kustomize: {}"},
		"path by link":               {map[string]string{"kustomization.yaml": "resources: [../x]"}, "", "path: .."},
	} {
		t.Run(name, func(t *testing.T) {
			dir := writeTree(t, c.files)
			if c.link != "" {
				if err := os.Symlink(outside, filepath.Join(dir, c.link)); err != nil {
					t.Fatal(err)
				}
			}
			app := renderDir(t, dir, c.spec)
			if app.Err == nil || !strings.Contains(app.Err.Error(), "leads out of the repository") {
				t.Errorf("%v", app.Err)
			}
			if len(app.Objects) > 0 {
				t.Errorf("rendered %v", app.Objects)
			}
		})
	}
}
