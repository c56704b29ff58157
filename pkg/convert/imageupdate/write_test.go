package imageupdate

import (
	"reflect"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// plan has every setting that a plan can have.
func plan() *Plan {
	return &Plan{Method: Git, Branch: "main:updates", Repository: "https://github.com/o/r", Target: "kustomization", Images: []*Image{
		{Alias: "a", Name: "ghcr.io/o/a", Constraint: ">=1.0 <2", Settings: map[string]string{
			Strategy: "semver", AllowTags: "regexp:^v", IgnoreTags: "a*,b", PullSecret: "pullsecret:ns/s", Force: "true", Platforms: "linux/arm64",
			HelmName: "x.name", HelmTag: "x.tag",
		}},
		{Alias: "b.c", Name: "localhost:5000/b", Settings: map[string]string{HelmSpec: "y.image"}},
		{Alias: "d", Name: "d", Constraint: "latest", Settings: map[string]string{Strategy: "digest", Kustomize: "e"}},
	}}
}

// TestSpecIsReadBack: what is written is read as the same plan.
func TestSpecIsReadBack(t *testing.T) {
	for _, want := range []*Plan{plan(), {Method: live, Images: plan().Images[1:2]}} {
		root := node.Map("metadata", node.Map("name", "u", "namespace", "argocd"), "spec", want.Spec("web"))
		got, annotated := ReadUpdater(root).Plan("argocd", "web", nil, true)
		if annotated || got == nil {
			t.Fatalf("the plan of the Application is %v, %v", got, annotated)
		}
		equal(t, got, want)
		if other, _ := ReadUpdater(root).Plan("argocd", "web-2", nil, true); other != nil {
			t.Error("it names another Application, too")
		}
	}
}

// TestAnnotationsAreReadBack: so are annotations, whose list has no room for a comma.
func TestAnnotationsAreReadBack(t *testing.T) {
	p, want := plan(), plan()
	p.Images[0].Constraint = ">=1.0,  <2"
	annotations := node.Map()
	for _, a := range p.Annotations() {
		node.Put(annotations, a.Key, node.String(a.Value))
	}
	got, err := ReadAnnotations(annotations)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, want)
}

func equal(t *testing.T, got, want *Plan) {
	t.Helper()
	for _, i := range got.Images {
		i.Wide = nil
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v is read as %+v", want, got)
		for n, i := range got.Images {
			t.Errorf("%+v is %+v", want.Images[n], i)
		}
	}
}

// TestAnnotated: the name of an annotation has 63 characters at most.
func TestAnnotated(t *testing.T) {
	for n, fits := range map[int]bool{41: true, 42: true, 43: false} {
		i := &Image{Alias: strings.Repeat("a", n), Settings: map[string]string{Kustomize: "x"}}
		if why := i.Annotated(); (why == "") != fits {
			t.Errorf("%d characters: %q", n, why)
		}
	}
}
