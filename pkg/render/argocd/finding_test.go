package argocd_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestDependencies: subcharts that charts/ lacks are found as `helm dependency build`
// finds them, and their absence is an error.
func TestDependencies(t *testing.T) {
	files := map[string]string{
		"app/Chart.yaml":     "{apiVersion: v2, name: app, version: 1.0.0, dependencies: [{name: echo, version: 1.x, repository: file://../echo}]}",
		"app/values.yaml":    "echo: {order: parent}",
		"other/Chart.yaml":   "{apiVersion: v2, name: other, version: 1.0.0, dependencies: [{name: far, version: 1.x, repository: 'https://charts.example.com'}]}",
		"outside/Chart.yaml": "{apiVersion: v2, name: outside, version: 1.0.0, dependencies: [{name: x, version: 1.x, repository: 'file://../../../x'}]}",
	}
	for name, data := range echo {
		files["echo/"+name] = data
	}
	app := renderTree(t, files, "path: app")
	if app.Err != nil || len(app.Objects) != 1 || app.Objects[0].GetName() != "echo" {
		t.Errorf("%v: %v", app.Objects, app.Err)
	}
	for path, want := range map[string]string{"path: other": "dependency far: https://charts.example.com", "path: outside": "dependency x:"} {
		if app := renderTree(t, files, path); app.Err == nil || !strings.Contains(app.Err.Error(), want) {
			t.Errorf("%v, want %s", app.Err, want)
		}
	}
}

// TestArchive: a chart that is an archive has files by name, too.
func TestArchive(t *testing.T) {
	dir := t.TempDir()
	archive := filepath.Join(dir, "echo-1.0.0.tgz")
	tar := exec.Command("tar", "czf", archive, "--transform", "s,^,echo/,", "Chart.yaml", "values.yaml", "templates", "e")
	tar.Dir = writeTree(t, echo)
	if out, err := tar.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	app := renderDir(t, dir, "chart: echo\n    targetRevision: 1.x\n    helm: {valueFiles: [e/b.yaml]}")
	if app.Err != nil {
		t.Fatal(app.Err)
	}
	if order, _, _ := unstructured.NestedString(app.Objects[0].Object, "data", "order"); order != "b" {
		t.Errorf("%v: %v", app.Objects, app.Err)
	}
}

// TestFindings: what is not as Argo CD does it is said.
func TestFindings(t *testing.T) {
	base := map[string]string{
		"base/kustomization.yaml": "resources: [../map.yaml]",
		"map.yaml":                "{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}",
	}
	settings := "\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm, namespace: argocd}, data: {kustomize.buildOptions: '%s'}}"
	with := func(options string) string { return strings.ReplaceAll(settings, "%s", options) }
	for _, c := range []struct{ name, spec, id, err string }{
		{"restricted", "path: base", "", "is not in or below"},
		{"unrestricted", "path: base" + with("--load-restrictor LoadRestrictionsNone --reorder none"), "", ""},
		{"unrestricted with =", "path: base" + with("--load-restrictor=LoadRestrictionsNone"), "", ""},
		{"other options", "path: base" + with("--enable-helm --load-restrictor LoadRestrictionsNone"), "kustomize-build-options", ""},
		{"version", "path: base\n    kustomize: {version: v4}" + strings.Replace(with("--load-restrictor LoadRestrictionsNone"), "buildOptions", "buildOptions.v4", 1), "kustomize-other-version", ""},
		{"revision", "targetRevision: main\n    path: .\n    directory: {jsonnet: {extVars: [{name: a, value: $ARGOCD_APP_REVISION}]}}", "", ""},
		{"plugin", "path: .\n    plugin: {}", "", "never done here"},
		{"no source", "path: x", "", "x: no such directory in the source"},
	} {
		t.Run(c.name, func(t *testing.T) {
			app := renderTree(t, base, c.spec)
			switch {
			case (app.Err != nil) != (c.err != ""), app.Err != nil && !strings.Contains(app.Err.Error(), c.err):
				t.Fatalf("%v, want %q", app.Err, c.err)
			case c.id == "" && len(app.Findings) > 0:
				t.Errorf("%v", app.Findings)
			case c.id != "":
				count(t, app, c.id, 1)
			}
		})
	}
}

// TestRevision: the revision of a local checkout is not known, which matters where a
// variable asks for it.
func TestRevision(t *testing.T) {
	files := map[string]string{"a.jsonnet": "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: std.extVar('a')}}"}
	variable := "\n    directory: {jsonnet: {extVars: [{name: a, value: $ARGOCD_APP_REVISION_SHORT}]}}"
	for revision, want := range map[string]struct {
		name  string
		noted int
	}{
		"main": {"main", 1},
		"0123456789012345678901234567890123456789": {"0123456", 0},
	} {
		app := renderTree(t, files, "targetRevision: '"+revision+"'"+variable)
		if got := names(app); got != want.name || app.Err != nil {
			t.Errorf("%s: %q: %v", revision, got, app.Err)
		}
		count(t, app, "revision-unknown", want.noted)
	}
}

// TestSkipReconcile: what is rendered is not applied yet.
func TestSkipReconcile(t *testing.T) {
	app := parse(t, "app.yaml", `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: hooks, annotations: {argocd.argoproj.io/skip-reconcile: "true"}}
spec: {source: {repoURL: https://example.com/hooks}, destination: {namespace: prod}}
`)[0]
	render(t, app)
	count(t, app, "application-skipped", 1)
	if app.Err != nil || len(app.Objects) == 0 {
		t.Errorf("%v", app.Err)
	}
}

// TestReferences: one repository is held at one revision.
func TestReferences(t *testing.T) {
	for _, c := range []struct{ refs, err string }{
		{"{repoURL: https://example.com/values, ref: a, targetRevision: one}, {repoURL: https://example.com/values, ref: b, targetRevision: two}", "one repository at one revision"},
		{"{repoURL: https://example.com/values, ref: a, targetRevision: one}, {repoURL: https://example.com/values, ref: b, targetRevision: one}", ""},
		{"{repoURL: https://example.com/values, ref: a}, {repoURL: https://charts.example.com, chart: web, ref: b}", "no files of a chart"},
	} {
		app := parse(t, "app.yaml", `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  destination: {namespace: prod}
  sources: [{repoURL: https://charts.example.com, chart: web, targetRevision: 1.2.3, helm: {valueFiles: [$a/web/prod.yaml, $b/web/prod.yaml]}}, `+c.refs+`]
`)[0]
		render(t, app)
		if (app.Err != nil) != (c.err != "") || app.Err != nil && !strings.Contains(app.Err.Error(), c.err) {
			t.Errorf("%v, want %q", app.Err, c.err)
		}
	}
}
