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
