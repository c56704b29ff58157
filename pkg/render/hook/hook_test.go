package hook

import (
	"reflect"
	"slices"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

func object(annotations map[string]string) *manifest.Object {
	o := &manifest.Object{}
	o.Object = map[string]any{}
	o.SetAnnotations(annotations)
	return o
}

// TestPhases: what gitops-engine's hook.go and helm/hook.go say.
func TestPhases(t *testing.T) {
	for name, c := range map[string]struct {
		annotations map[string]string
		phases      []string
		hook, skip  bool
	}{
		"plain":              {nil, nil, false, false},
		"in order":           {map[string]string{Annotation: "PostSync, PreSync"}, []string{PreSync, PostSync}, true, false},
		"skip":               {map[string]string{Annotation: "Skip"}, nil, true, true},
		"skip and a phase":   {map[string]string{Annotation: "Skip,Sync"}, []string{Sync}, true, false},
		"deletion":           {map[string]string{Annotation: "PostDelete"}, nil, true, false},
		"helm":               {map[string]string{HelmAnnotation: "post-upgrade,pre-install,pre-upgrade"}, []string{PreSync, PostSync}, true, false},
		"helm, of no sync":   {map[string]string{HelmAnnotation: "pre-delete"}, nil, true, false},
		"CRD of Helm 2":      {map[string]string{HelmAnnotation: "crd-install"}, nil, false, false},
		"Argo CD's counts":   {map[string]string{Annotation: "Sync", HelmAnnotation: "pre-install"}, []string{Sync}, true, false},
		"unknown, then Helm": {map[string]string{Annotation: "Never", HelmAnnotation: "pre-install"}, []string{PreSync}, true, false},
	} {
		phases, hook := Phases(object(c.annotations))
		if !slices.Equal(phases, c.phases) || hook != c.hook || Skipped(object(c.annotations)) != c.skip {
			t.Errorf("%s: %v, hook %v", name, phases, hook)
		}
	}
}

func TestDeletePolicies(t *testing.T) {
	for _, c := range []struct{ annotations, want []string }{
		{nil, []string{BeforeCreation}},
		{[]string{"HookFailed, odd", ""}, []string{Failed}},
		{[]string{"HookSucceeded", "hook-succeeded,before-hook-creation"}, []string{Succeeded, BeforeCreation}},
	} {
		annotations := map[string]string{}
		for i, value := range c.annotations {
			annotations[[]string{policyAnnotation, helmPolicy}[i]] = value
		}
		if got := DeletePolicies(object(annotations)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %v, want %v", annotations, got, c.want)
		}
	}
}

func TestWave(t *testing.T) {
	for want, annotations := range map[int]map[string]string{
		0: {WaveAnnotation: "x"}, -2: {WaveAnnotation: "-2", helmWeight: "3"}, 3: {helmWeight: "3"},
	} {
		if got := Wave(object(annotations)); got != want {
			t.Errorf("%v: %d, want %d", annotations, got, want)
		}
	}
}
