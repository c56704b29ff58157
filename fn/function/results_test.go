package function

import (
	"errors"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

func TestSeverity(t *testing.T) {
	const none = framework.Info
	tests := []struct {
		entry                                    ledger.Entry
		unknown, unsupported, approximate, never framework.Severity
	}{
		{ledger.Entry{Fidelity: ledger.Unknown}, framework.Error, framework.Error, framework.Error, framework.Warning},
		{ledger.Entry{Fidelity: ledger.Unsupported}, framework.Warning, framework.Error, framework.Error, framework.Warning},
		{ledger.Entry{Fidelity: ledger.Approximate}, framework.Warning, framework.Warning, framework.Error, framework.Warning},
		{ledger.Entry{Fidelity: ledger.Approximate, Blocking: true}, framework.Error, framework.Error, framework.Error, framework.Warning},
		{ledger.Entry{Fidelity: ledger.Equivalent}, none, none, none, none},
		{ledger.Entry{Fidelity: ledger.Exact}, none, none, none, none},
		{ledger.Entry{Fidelity: ledger.Runtime}, none, none, none, none},
	}
	for _, tt := range tests {
		for failOn, want := range map[string]framework.Severity{
			"unknown": tt.unknown, "unsupported": tt.unsupported,
			"approximate": tt.approximate, "never": tt.never,
		} {
			if got := (config{failOn: thresholds[failOn]}).severity(tt.entry); got != want {
				t.Errorf("%s (blocking %t) with failOn %s: got %s, want %s",
					tt.entry.Fidelity, tt.entry.Blocking, failOn, got, want)
			}
		}
	}
}

// A blocking entry that is allowed is as bad as its fidelity.
func TestSeverityOfAllowedBlocking(t *testing.T) {
	entry := ledger.Entry{Fidelity: ledger.Unsupported, Blocking: true}
	for failOn, want := range map[string]framework.Severity{
		"unknown": framework.Warning, "unsupported": framework.Error, "never": framework.Warning,
	} {
		c := config{failOn: thresholds[failOn], options: convert.Options{AllowBlocking: true}}
		if got := c.severity(entry); got != want {
			t.Errorf("failOn %s: got %s, want %s", failOn, got, want)
		}
	}
}

func TestResults(t *testing.T) {
	object := ledger.Object{
		APIVersion: "argoproj.io/v1alpha1", Kind: "Application", Namespace: "argocd", Name: "web",
	}
	list := results(convert.Outcome{
		Object: object, Status: convert.Converted,
		Entries: []ledger.Entry{
			{ID: "fine", Fidelity: ledger.Exact, From: ledger.From{Object: object, Path: "spec.a"}},
			{ID: "project", Fidelity: ledger.Approximate, Note: "no\nprojects", From: ledger.From{Object: object, Path: "spec.project"}},
		},
	}, item("apps/web.yaml", "3"), config{failOn: thresholds["unknown"]})
	text, err := yaml.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	const want = `- message: |-
    no
    projects
  severity: warning
  resourceRef:
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    name: web
    namespace: argocd
  field:
    path: spec.project
  file:
    path: apps/web.yaml
    index: 3
  tags:
    fidelity: approximate
    id: project
`
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	var line strings.Builder
	printResult(&line, list[0])
	const wantLine = "warning: Application argocd/web: spec.project: no projects [project]\n"
	if line.String() != wantLine {
		t.Errorf("got %q, want %q", &line, wantLine)
	}
}

func TestResultsOfFailure(t *testing.T) {
	list := results(convert.Outcome{Status: convert.Failed, Err: errors.New("broken")},
		item("", ""), config{failOn: never})
	if len(list) != 1 || list[0].Severity != framework.Error || list[0].Message != "broken" {
		t.Errorf("got %v", list)
	}
	var line strings.Builder
	printResult(&line, list[0])
	if want := "error: broken\n"; line.String() != want {
		t.Errorf("got %q, want %q", &line, want)
	}
}

func TestFailureHasNoPlace(t *testing.T) {
	got := failure(convert.Outcome{
		File: "a.yaml", Err: errors.New("a.yaml:3: no mapping: write one\na.yaml:4: b.yaml:5: no"),
	})
	if want := "no mapping: write one\nb.yaml:5: no"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
