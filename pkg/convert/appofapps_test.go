package convert_test

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

func TestParseAppOfApps(t *testing.T) {
	for text, want := range map[string]convert.AppOfApps{
		"https://github.com/o/r//apps":             {Name: "apps", RepoURL: "https://github.com/o/r", Path: "apps"},
		"fleet=https://github.com/o/r//a/b?ref=v1": {Name: "fleet", RepoURL: "https://github.com/o/r", Path: "a/b", Revision: "v1"},
		"ssh://git@h:22/o/r.git//a?ref=rel/1.2":    {Name: "apps", RepoURL: "ssh://git@h:22/o/r.git", Path: "a", Revision: "rel/1.2"},
		"x=git@h:o/r.git//.?ref=a=b":               {Name: "x", RepoURL: "git@h:o/r.git", Path: ".", Revision: "a=b"},
	} {
		got, err := convert.ParseAppOfApps(text)
		if err != nil || *got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"https://github.com/o/r":               "the directory is missing",
		"https://github.com/o/r//":             "the directory is missing",
		"https://github.com/o/r//a?branch=b":   "only ref=REV",
		"https://github.com/o/r//a?ref=":       "only ref=REV",
		"https://github.com/o/r//a?ref=b&de=1": "only ref=REV",
	} {
		if _, err := convert.ParseAppOfApps(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

func TestAppOfAppsErrors(t *testing.T) {
	good := convert.AppOfApps{Name: "apps", RepoURL: "https://h/r", Path: "apps"}
	for want, change := range map[string]func(*convert.AppOfApps){
		"is no name of an object":    func(a *convert.AppOfApps) { a.Name = "My_apps" },
		"the URL must begin with":    func(a *convert.AppOfApps) { a.RepoURL = "oci://hunter2/r" },
		"the URL carries credential": func(a *convert.AppOfApps) { a.RepoURL = "https://me:hunter2@h/r" },
		"leads out of the reposit":   func(a *convert.AppOfApps) { a.Path = "a/../.." },
	} {
		bad := good
		change(&bad)
		_, err := convert.Convert(nil, convert.Options{To: convert.ToArgo, AppOfApps: &bad})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	for _, to := range []convert.Direction{convert.ToFlux, convert.ToAuto} {
		if _, err := convert.Convert(nil, convert.Options{To: to, AppOfApps: &good}); err == nil || !strings.Contains(err.Error(), "goes with --to argocd") {
			t.Errorf("--to %q: error %v", to, err)
		}
	}
}

// ordered are two Kustomizations, the second of which waits for the first.
const ordered = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: apps, namespace: flux-system}
spec: {interval: 1m, url: https://github.com/example/apps}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec: {interval: 10m, prune: true, dependsOn: [{name: apps}], sourceRef: {kind: GitRepository, name: apps}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, prune: true, sourceRef: {kind: GitRepository, name: apps}}
`

const rootText = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: NAME
  namespace: argo
spec:
  destination:
    namespace: argo
    server: https://kubernetes.default.svc
  project: default
  source:
    directory:
      exclude: app-of-apps.*
      recurse: true
    path: clusters/apps
    repoURL: https://github.com/example/fleet
    targetRevision: main
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
    - ServerSideApply=true
    - PrunePropagationPolicy=background
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argo
  labels:
    app.kubernetes.io/name: argocd-cm
    app.kubernetes.io/part-of: argocd
  annotations:
    argocd.argoproj.io/hook: Skip
data:
  resource.customizations.health.argoproj.io_Application: |
    local own = obj.status ~= nil and obj.status.health or nil
    if own == nil or own.status == nil then
      return {status = "Progressing", message = "not assessed yet"}
    end
    return {status = own.status, message = own.message or ""}
`

// TestAppOfApps: the Application that deploys the others comes last, under a name that
// none of them has.
func TestAppOfApps(t *testing.T) {
	for name, want := range map[string]string{"fleet": "fleet", "apps": "apps-root"} {
		o := convert.Options{ArgoCDNamespace: "argo", AppOfApps: &convert.AppOfApps{
			Name: name, RepoURL: "https://github.com/example/fleet", Path: "./clusters/apps/", Revision: "main"}}
		out := outcomes(t, []convert.Input{{Name: "input.yaml", Data: []byte(ordered)}}, o)
		last := out[len(out)-1]
		if last.Status != convert.Added || last.File != convert.AppOfAppsName || last.Err != nil || len(out) != 4 {
			t.Fatalf("%d outcomes, the last is %+v", len(out), last)
		}
		if got := text(t, out[3:], nil, nil); got != strings.Replace(rootText, "NAME", want, 1) {
			t.Errorf("got\n%s", got)
		}
		ids := map[string]bool{}
		for _, e := range last.Entries {
			ids[e.ID] = e.Fidelity == ledger.Approximate
		}
		if !ids["app-of-apps-health"] || !ids["app-of-apps-path"] || ids["name-taken"] != (want != name) {
			t.Errorf("findings %v", ids)
		}
	}
}

// TestAppOfAppsOrder: what becomes of a dependency depends on who deploys.
func TestAppOfAppsOrder(t *testing.T) {
	root, err := convert.ParseAppOfApps("https://github.com/example/fleet//apps")
	if err != nil {
		t.Fatal(err)
	}
	for want, o := range map[string]convert.Options{
		"the order is lost":             {},
		"kept by the sync waves of the": {AppOfApps: root},
	} {
		out := outcomes(t, []convert.Input{{Name: "input.yaml", Data: []byte(ordered)}}, o)
		got := findings(out, []string{"flux-depends-on"})
		if !strings.Contains(got, "approximate flux-depends-on spec.dependsOn[0].name: "+want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if text := text(t, out, nil, nil); !strings.Contains(text, `argocd.argoproj.io/sync-wave: "1"`) {
			t.Errorf("no wave in\n%s", text)
		}
	}
}

// TestStreamBegins: separators stand between documents, whichever are left.
func TestStreamBegins(t *testing.T) {
	for in, want := range map[string]string{
		ordered:                        "apiVersion: argoproj.io",
		"---\n" + ordered:              "---\napiVersion: argoproj.io",
		"--- {a: 1}\n---\nb: 2\n":      "--- {a: 1}\n---\nb: 2\n",
		"---\na: 1\n--- # two\nb: 2\n": "---\na: 1\n--- # two\nb: 2\n",
		strings.Replace(ordered, "---\n", "--- # two\n", 1): "--- # two\napiVersion: argoproj.io",
	} {
		out := outcomes(t, []convert.Input{{Name: "input.yaml", Data: []byte(in)}}, convert.Options{})
		if got := text(t, out, nil, nil); !strings.HasPrefix(got, want) {
			t.Errorf("got\n%s\nwant %q first", got, want)
		}
	}
	out := outcomes(t, []convert.Input{{Name: "a", Data: []byte("a: 1")}, {Name: "b", Data: []byte("---\nb: 2")}, {Name: "c", Data: []byte("c: 3")}}, convert.Options{})
	if got, want := text(t, out, nil, nil), "a: 1\n---\nb: 2\n---\nc: 3"; got != want {
		t.Errorf("three files give %q, want %q", got, want)
	}
}
