package schema

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestKinds(t *testing.T) {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.APIVersion+" "+k.Kind)
		s := schemaFor(t, k.APIVersion, k.Kind)
		if !strings.Contains(s.Origin(), "@v") {
			t.Errorf("%v: the origin %q has no version", k, s.Origin())
		}
		if err := s.root.broken(); err != "" {
			t.Errorf("%v: %s", k, err)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("not sorted: %q", names)
	}
	for _, name := range []string{
		"argoproj.io/v1alpha1 ApplicationSet",
		"helm.toolkit.fluxcd.io/v2 HelmRelease",
		"kustomize.toolkit.fluxcd.io/v1 Kustomization",
		"source.extensions.fluxcd.io/v1beta1 ArtifactGenerator",
		"source.toolkit.fluxcd.io/v1 ExternalArtifact",
	} {
		if !slices.Contains(names, name) {
			t.Errorf("no %s", name)
		}
	}
}

// broken finds what the decoder leaves to luck: dangling references and patterns
// that do not compile.
func (s *node) broken() string {
	switch {
	case s == nil:
		return "a schema is missing"
	case s.Ref != "":
		return "a reference is left"
	}
	if s.matches(""); s.re == nil {
		return "bad pattern " + s.Pattern
	}
	children := []*node{}
	for _, child := range s.Props {
		children = append(children, child)
	}
	if s.Items != nil {
		children = append(children, s.Items)
	}
	if s.Values != nil {
		children = append(children, s.Values)
	}
	for _, child := range children {
		if err := child.broken(); err != "" {
			return err
		}
	}
	return ""
}

func TestForUnknown(t *testing.T) {
	for _, k := range []Kind{
		{"argoproj.io/v1", "Application"},
		{"v1", "Secret"},
		{"", ""},
		{"../data/argoproj.io/v1alpha1", "Application"},
	} {
		if _, ok := For(k.APIVersion, k.Kind); ok {
			t.Errorf("found %v", k)
		}
	}
}

func TestForIsOneSchema(t *testing.T) {
	var group sync.WaitGroup
	found := make([]*Schema, 8)
	for i := range found {
		group.Go(func() { found[i], _ = For("image.toolkit.fluxcd.io/v1", "ImagePolicy") })
	}
	group.Wait()
	for _, s := range found {
		if s == nil || s != found[0] {
			t.Fatal("concurrent calls got different schemas")
		}
	}
}

var leafCases = []struct {
	apiVersion, kind string
	want, not        []string
}{
	{"argoproj.io/v1alpha1", "Application", []string{
		"apiVersion",
		"kind",
		"metadata.annotations.{}",
		"metadata.finalizers[]",
		"metadata.labels.{}",
		"metadata.managedFields[].**",
		"metadata.name",
		"metadata.ownerReferences[].**",
		"spec.destination.server",
		"spec.source.helm.parameters[].name",
		"spec.source.helm.valuesObject.**",
		"spec.source.kustomize.commonLabels.{}",
		"spec.source.kustomize.replicas[].count",
		"spec.sources[].helm.valueFiles[]",
		"status.sync.status",
	}, []string{"metadata", "metadata.**", "spec", "spec.source", "**"}},
	{"argoproj.io/v1alpha1", "ApplicationSet", []string{
		"spec.generators[].list.elements[].**",
		"spec.generators[].matrix.generators[].git.repoURL",
		"spec.generators[].matrix.generators[].matrix.**",
		"spec.template.metadata.labels.{}",
		"spec.template.spec.sources[].chart",
	}, nil},
	{"kustomize.toolkit.fluxcd.io/v1", "Kustomization", []string{
		"metadata.namespace",
		"spec.dependsOn[].name",
		"spec.interval",
		"spec.patches[].target.labelSelector",
		"spec.postBuild.substitute.{}",
		"spec.prune",
		"spec.sourceRef.kind",
	}, []string{"spec.postBuild.substitute"}},
	{"helm.toolkit.fluxcd.io/v2", "HelmRelease", []string{"spec.values.**"}, []string{"spec.values"}},
}

func TestLeaves(t *testing.T) {
	for _, test := range leafCases {
		leaves := schemaFor(t, test.apiVersion, test.kind).Leaves()
		if !slices.IsSorted(leaves) || len(slices.Compact(slices.Clone(leaves))) != len(leaves) {
			t.Errorf("%s: not sorted or not unique", test.kind)
		}
		for _, leaf := range test.want {
			if !slices.Contains(leaves, leaf) {
				t.Errorf("%s: no leaf %s", test.kind, leaf)
			}
		}
		for _, leaf := range test.not {
			if slices.Contains(leaves, leaf) {
				t.Errorf("%s: %s is a leaf", test.kind, leaf)
			}
		}
	}
}

func TestNear(t *testing.T) {
	s := &node{Props: map[string]*node{"repoURL": {}, "source": {}, "sources": {}, "targetRevision": {}, "id": {}}}
	for name, want := range map[string]string{
		"repoUrl":        "repoURL",
		"repURL":         "repoURL",
		"sourcess":       "sources",
		"sourcs":         "source",
		"targetRevisoin": "targetRevision",
		"tagetRevison":   "",
		"is":             "",
		"":               "",
	} {
		if got := s.near(name); got != want {
			t.Errorf("near(%q) = %q, want %q", name, got, want)
		}
	}
}
