package object

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func TestNames(t *testing.T) {
	for text, want := range map[string]string{"My_Repo.git": "my-repo-git", "--a--b--": "a-b", "ÄÖ": "de7254df", "v1.2": "v1-2"} {
		if got := Slug(text); got != want {
			t.Errorf("Slug(%q) = %q, want %q", text, got, want)
		}
	}
	long := strings.Repeat("a", 80)
	if got := Fit(long, MaxName); len(got) != MaxName || got == Fit(long+"b", MaxName) {
		t.Errorf("Fit gives %q", got)
	}
	if Fit("short", MaxName) != "short" {
		t.Error("a short name was changed")
	}
}

func origin(url string) *Object {
	o := New(Kind{"source.toolkit.fluxcd.io/v1", "GitRepository"}, "ns", "")
	o.Shared = true
	o.Names = []string{"repo", "owner-repo"}
	o.Set(node.String(url), "spec", "url")
	return o
}

// Sources of equal content are one object, others get the next name; references
// follow.
func TestRegistry(t *testing.T) {
	r := NewRegistry()
	first, same, other, third := origin("a"), origin("a"), origin("b"), origin("c")
	ref := same.NameNode()
	placed := []bool{r.Place(first), r.Place(same), r.Place(other), r.Place(third)}
	if placed[0] != true || placed[1] != false || placed[2] != true || placed[3] != true {
		t.Errorf("placed %v", placed)
	}
	if first.Name() != "repo" || same.Name() != "repo" || ref.Value != "repo" || other.Name() != "owner-repo" {
		t.Errorf("names are %q, %q, %q, %q", first.Name(), same.Name(), ref.Value, other.Name())
	}
	if !strings.HasPrefix(third.Name(), "repo-") || third.Name() == "repo-" {
		t.Errorf("the third name is %q", third.Name())
	}
}

// Patches come out in order of rank, whatever the order of calls.
func TestPatchOrder(t *testing.T) {
	o := New(Kind{"kustomize.toolkit.fluxcd.io/v1", "Kustomization"}, "ns", "a")
	last := o.AddPatch(RankProtect, nil, "last")
	first := o.AddPatch(RankStrip, nil, "first")
	user := o.AddPatch(RankUser, nil, "user")
	o.Finish()
	if user.Path() != "spec.patches[0]" || first.Path() != "spec.patches[1]" || last.Path() != "spec.patches[2]" {
		t.Errorf("got %s, %s, %s", first.Path(), user.Path(), last.Path())
	}
	if got := node.Items(o.Root, "spec", "patches")[0].Content[1].Value; got != "user" {
		t.Errorf("the first patch is %q", got)
	}
}

// TestMark: a comment that names an object follows its name.
func TestMark(t *testing.T) {
	o, n := New(Kind{"v1", "ConfigMap"}, "", "a"), node.String("x")
	o.Mark(n, func(name string) string { return "# is " + name })
	if n.LineComment != "# is a" {
		t.Errorf("the comment is %q", n.LineComment)
	}
	o.Rename("b")
	if n.LineComment != "# is b" {
		t.Errorf("the comment is %q", n.LineComment)
	}
}
