package explain

import (
	"slices"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
)

func open(t *testing.T) *Book {
	t.Helper()
	b, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ids(topics []Topic) (ids []string) {
	for _, t := range topics {
		ids = append(ids, t.ID)
	}
	return ids
}

func TestFind(t *testing.T) {
	b := open(t)
	for word, want := range map[string][]string{
		"namespace-fill":                      {"namespace-fill"},
		"path":                                {"path"}, // an ID wins over a field
		"spec.source.helm.valueFiles":         {"helm-value-files"},
		"spec.sources[3].helm.valueFiles[0]":  {"helm-value-files"},
		"source.helm.valueFiles[]":            {"helm-value-files"},
		"application.spec.source.chart":       {"chart"},
		"HelmRelease.spec.values.image.tag":   {"helm-values"},
		"Kustomization:spec.prune":            {"prune"},
		"HelmRelease.spec.prune":              nil,
		"spec.syncPolicy.retry":               {"retry", "retry-limit"},
		"metadata.annotations.some/key":       {"annotations", "project-metadata", "source-metadata"},
		"ArtifactGenerator.spec.artifacts[1]": {"helm-value-files"},
		"spec.nothing":                        nil,
		"":                                    nil,
		`metadata.annotations["argocd.argoproj.io/sync-wave"]`:         {"sync-wave"},
		"metadata.annotations.argocd.argoproj.io/sync-wave":            {"sync-wave"},
		"Application.metadata.annotations.argocd.argoproj.io/other":    {"argocd-annotations"},
		"metadata.annotations.notifications.argoproj.io/subscribe.a.b": {"notifications-inherited", "notifications"},
		"metadata.annotations{kustomize.toolkit.fluxcd.io/prune}":      {"flux-object-prune"},
	} {
		if got := ids(b.Find(word)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", word, got, want)
		}
	}
}

// TestEveryField: every field of the table is found with its kind, by its row.
func TestEveryField(t *testing.T) {
	b := open(t)
	table, err := mapping.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range mapping.Kinds() {
		fields, err := table.Fields(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			if found := b.Find(kind + "." + f.Path); !slices.Contains(ids(found), f.ID) {
				t.Errorf("%s.%s: %v, want %s", kind, f.Path, ids(found), f.ID)
			}
		}
	}
}

// TestDirections: a direction says what the row promises, from where and to what.
func TestDirections(t *testing.T) {
	prune := open(t).Find("prune")[0]
	if prune.ToFlux == nil || prune.ToFlux.Fidelity.String() != "exact" ||
		!slices.Equal(prune.ToFlux.From, []string{"Application spec.syncPolicy.automated.prune"}) ||
		!slices.Equal(prune.ToFlux.To, []string{"Kustomization spec.prune"}) {
		t.Errorf("to Flux: %+v", prune.ToFlux)
	}
	if prune.ToArgo == nil || !slices.Contains(prune.ToArgo.To, "Application spec.syncPolicy.automated.allowEmpty") {
		t.Errorf("to Argo CD: %+v", prune.ToArgo)
	}
	if decryption := open(t).Find("flux-decryption")[0]; decryption.ToFlux != nil || decryption.ToArgo.To != nil {
		t.Errorf("%+v", decryption)
	}
}

func TestNearest(t *testing.T) {
	b := open(t)
	for word, want := range map[string]string{
		"namespce-fill":     "namespace-fill",
		"valueFiles":        "spec.source.helm.valueFiles",
		"spec.sorce.path":   "spec.source.path",
		"HelmRelese.spec":   "",
		"foobarbazquxfoo":   "",
		"Kustomization.wat": "",
	} {
		got := b.Nearest(word)
		if len(got) > 5 || (want == "") != (len(got) == 0) || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: %v, want %q", word, got, want)
		}
	}
}
