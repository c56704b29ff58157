package content

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A generator makes trees of few different values, so that two are often nearly equal.
type generator struct{ *rand.Rand }

func (g generator) value(depth int) any {
	kinds := 9
	if depth == 0 {
		kinds = 6
	}
	switch g.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return g.IntN(2) == 0
	case 2:
		return int64(g.IntN(3))
	case 3:
		return float64(g.IntN(3)) + 0.5
	case 4, 5:
		return g.word()
	case 6:
		return g.named(depth)
	case 7:
		list := make([]any, g.IntN(4))
		for i := range list {
			list[i] = g.value(depth - 1)
		}
		return list
	default:
		m := map[string]any{}
		for range g.IntN(4) {
			m[g.word()] = g.value(depth - 1)
		}
		return m
	}
}

// named is a list whose items have names, most often one each.
func (g generator) named(depth int) any {
	list := make([]any, g.IntN(4))
	for i := range list {
		list[i] = map[string]any{"name": g.word(), g.word(): g.value(depth - 1)}
	}
	return list
}

func (g generator) word() string {
	words := []string{"name", "ports", "port", "protocol", "a", "b", ""}
	return words[g.IntN(len(words))]
}

func (g generator) object() manifest.Object {
	return manifest.Object{Unstructured: unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": "Thing", "metadata": map[string]any{"name": "x"}, "spec": g.value(4),
	}}}
}

// TestRandom: custom objects without marks are equal exactly where their trees are, and
// what a difference shows is there.
func TestRandom(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	equal, differ := 0, 0
	for range 20000 {
		one, two := g.object(), g.object()
		if g.IntN(2) == 0 { // two that differ a little
			two.Object = runtime.DeepCopyJSON(one.Object)
			g.nudge(two.Object["spec"])
		}
		want := reflect.DeepEqual(one.Object, two.Object)
		result := Compare(Side{Tool: ArgoCD, Objects: []manifest.Object{one}}, Side{Tool: Flux, Objects: []manifest.Object{two}})
		if result.Equal() != want {
			t.Fatalf("%v\n%v\nequal %v: %+v", one.Object, two.Object, want, result.Differences)
		}
		if want {
			equal++
			continue
		}
		differ++
		seen := map[string]bool{}
		for _, d := range result.Differences {
			if key := fmt.Sprint(d.Kind, d.Path, d.Left == ""); seen[key] && d.Reason == "" {
				t.Fatalf("%v\n%v\ntwice at %s: %+v", one.Object, two.Object, d.Path, result.Differences)
			} else {
				seen[key] = true
			}
			if d.Left == d.Right && d.Reason == "" {
				t.Fatalf("%v\n%v\nno difference: %+v", one.Object, two.Object, d)
			}
		}
	}
	if least := 1000; equal < least || differ < least {
		t.Errorf("%d equal and %d different pairs", equal, differ)
	}
}

// nudge changes one value somewhere in a tree, or nothing.
func (g generator) nudge(value any) {
	switch v := value.(type) {
	case []any:
		if len(v) > 0 {
			switch i, j := g.IntN(len(v)), g.IntN(len(v)); g.IntN(3) {
			case 0:
				v[i] = g.value(1)
			case 1:
				v[i], v[j] = v[j], v[i]
			default:
				g.nudge(v[i])
			}
		}
	case map[string]any:
		key := g.word()
		if child, ok := v[key]; ok && g.IntN(2) == 0 {
			g.nudge(child)
		} else {
			v[key] = g.value(1)
		}
	}
}
