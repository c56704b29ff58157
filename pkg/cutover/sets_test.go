package cutover

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const (
	listSet = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: set, namespace: argocd}
spec:
  generators: [{list: {elements: [{name: web}]}}]
  template:
    metadata: {name: "{{name}}"}
    spec:
      project: default
      source: {repoURL: https://github.com/example/fleet, path: web, targetRevision: main}
      destination: {server: https://kubernetes.default.svc, namespace: web}
`
	setApp = `
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  source: {repoURL: https://github.com/example/fleet, path: web, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: web}
`
)

// TestSets: an ApplicationSet that makes apps of the plan is taken away before they move, and
// so is one that may. One that does not stays, and the plan says so.
func TestSets(t *testing.T) {
	unknownSet := strings.Replace(listSet, "list: {elements: [{name: web}]}", "scmProvider: {github: {organization: example}}", 1)
	live := func(metadata string) string {
		return strings.Replace(setApp, "metadata: {", "metadata: {uid: u-1, "+metadata, 1)
	}
	owned := func(name string) string {
		return live("ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, name: " + name + "}], ")
	}
	elsewhere := strings.Replace(setApp, "namespace: argocd", "namespace: team", 1)
	for _, c := range []struct {
		name, input    string
		moves, is, say bool
	}{
		{"expanded", listSet, true, true, false},
		{"present", listSet + setApp, true, true, false},
		{"of the controller", unknownSet + owned("set"), true, true, false},
		{"of another", unknownSet + owned("other"), true, false, true},
		{"of nobody", unknownSet + live(""), true, false, true},
		{"of a file", unknownSet + setApp, true, true, true},
		{"of another namespace", unknownSet + elsewhere, true, false, true},
		{"shared", strings.Replace(listSet, "name: set,", "name: first,", 1) + "---\n" + listSet, true, true, true},
		{"alone", unknownSet, false, false, true},
		{"not in the input", strings.TrimPrefix(owned("set"), "\n---\n"), true, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, to := []byte(c.input), convert.ToFlux
			r, err := New(inputOf(data), madeOf(t, data, to), converted(t, data, to, false), optionsTo(to))
			if err != nil {
				t.Fatal(err)
			}
			if moves := slices.ContainsFunc(r.Owners, func(o Owner) bool { return o.Wave == 1 }); moves != c.moves {
				t.Errorf("the Application moves: %v", moves)
			}
			released := func(s Step) bool { return strings.HasSuffix(s.What, " ApplicationSet argocd/set") }
			if is := slices.ContainsFunc(r.Stages, func(s Stage) bool { return slices.ContainsFunc(s.Steps, released) }); is != c.is {
				t.Errorf("the set is taken away: %v", is)
			}
			if say := slices.ContainsFunc(r.Decide, func(h Held) bool { return h.App == "ApplicationSet argocd/set" && len(h.Findings) == 1 }); say != c.say {
				t.Errorf("the set is named with its finding: %v", say)
			}
		})
	}
}

// TestGuardians: what deploys a set or a parent is frozen before it, and what the input lacks
// is known by what it has made.
func TestGuardians(t *testing.T) {
	const kustomization = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: apps, labels: {resourceset.fluxcd.controlplane.io/name: tenants, resourceset.fluxcd.controlplane.io/namespace: ops}}
spec: {interval: 5m, prune: true, path: ./web, sourceRef: {kind: GitRepository, name: fleet}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: apps}
spec: {interval: 5m, url: https://github.com/example/fleet, ref: {branch: main}}
`
	tracked := func(text, parent string) string {
		return strings.Replace(text, "metadata: {name: ", `metadata: {annotations: {argocd.argoproj.io/tracking-id: "`+parent+`:x"}, name: `, 1)
	}
	root := strings.ReplaceAll(setApp, "web", "root")
	for _, c := range []struct {
		name, input string
		to          convert.Direction
		want        []string
		decide      int
	}{
		{"a parent of a set", tracked(listSet, "root") + root, convert.ToFlux,
			[]string{"Freeze Application argocd/root", "Release the Applications of ApplicationSet argocd/set"}, 1},
		{"a set that makes a parent", strings.ReplaceAll(listSet, "name: web", "name: root") +
			tracked(strings.Replace(root, "root", "middle", 1), "root") + tracked(setApp, "middle"), convert.ToFlux,
			[]string{"Release the Applications of ApplicationSet argocd/set", "Freeze Application argocd/root", "Freeze Application argocd/middle"}, 2},
		{"a set of flux-operator", kustomization, convert.ToArgo, []string{"Switch off ResourceSet ops/tenants"}, 1},
		{"a set of flux-operator alone", `apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: tenants, namespace: ops}
spec: {resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: ops}}]}
`, convert.ToArgo, nil, 1},
		{"no name", strings.ReplaceAll(kustomization, "name: tenants", `name: "; reboot"`), convert.ToArgo, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.input)
			r, err := New(inputOf(data), madeOf(t, data, c.to), converted(t, data, c.to, false), optionsTo(c.to))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range r.Stages {
				if s.Title == "Freeze what deploys the apps" {
					for _, step := range s.Steps {
						got = append(got, step.What)
					}
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("frozen: %q, want %q", got, c.want)
			}
			if len(r.Decide) != c.decide || slices.ContainsFunc(r.Decide, func(h Held) bool { return len(h.Findings) > 0 }) {
				t.Errorf("to decide: %+v, want %d without findings", r.Decide, c.decide)
			}
		})
	}
}
