package content_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"k8s.io/client-go/kubernetes/scheme"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// corpus are all objects of the fixtures: those that render, and those of many kinds. The
// objects of one file have a tool that applies them.
func corpus(t testing.TB) (sides []content.Side) {
	t.Helper()
	argo, flux := rendered(t)
	for _, all := range []map[string]content.Side{argo, flux} {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			sides = append(sides, all[name])
		}
	}
	data, err := os.ReadFile("testdata/kinds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := content.Side{Tool: content.ArgoCD}
	for doc := range strings.SplitSeq(string(data), "---\n") {
		objects, err := manifest.Decode([]byte(doc), manifest.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		kinds.Objects = append(kinds.Objects, objects...)
	}
	return append(sides, kinds)
}

// each returns the corpus as sides of one object each, every one once.
func each(t testing.TB) (single []content.Side) {
	t.Helper()
	seen := map[string]bool{}
	for _, side := range corpus(t) {
		for i := range side.Objects {
			data, err := json.Marshal(side.Objects[i].Object)
			if err != nil {
				t.Fatal(err)
			}
			if key := string(side.Tool) + string(data); !seen[key] {
				seen[key] = true
				single = append(single, content.Side{Tool: side.Tool, Objects: side.Objects[i : i+1]})
			}
		}
	}
	return single
}

// A place is a value in an object, which can be set to another one or taken away.
type place struct {
	path  []string
	value any
	set   func(any)
	drop  func()
}

func (p place) String() string { return strings.Join(p.path, "/") }

// places calls visit for each value of a tree, leaves and others.
func places(value any, path []string, set func(any), drop func(), visit func(place)) {
	visit(place{slices.Clone(path), value, set, drop})
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			places(v[key], append(path, key), func(to any) { v[key] = to }, func() { delete(v, key) }, visit)
		}
	case []any:
		for i := range v {
			places(v[i], append(path, fmt.Sprint(i)), func(to any) { v[i] = to }, func() { set(slices.Delete(slices.Clone(v), i, i+1)) }, visit)
		}
	}
}

// allPlaces are those of an object but for its root.
func allPlaces(o *manifest.Object) (all []place) {
	places(o.Object, nil, nil, nil, func(p place) {
		if len(p.path) > 0 {
			all = append(all, p)
		}
	})
	return all
}

func leaf(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return true
}

// changed returns another value of the type.
func changed(value any) any {
	switch v := value.(type) {
	case string:
		return v + "x"
	case int64:
		return v + 1
	case float64:
		return 2*v + 1
	case bool:
		return !v
	case map[string]any:
		return map[string]any{"x": "y"}
	case []any:
		return []any{"x"}
	}
	return "x" // for null
}

// retyped returns a value that reads the same and is of another type.
func retyped(value any) any {
	switch v := value.(type) {
	case string:
		return []any{v}
	case map[string]any, []any:
		return nil
	case nil:
		return map[string]any{}
	default:
		return fmt.Sprint(v)
	}
}

// steering are the places of metadata that are no content, written here once more so that
// the comparison cannot grow new ones unseen.
var steering = []string{
	"metadata/labels/kustomize.toolkit.fluxcd.io/name", "metadata/labels/kustomize.toolkit.fluxcd.io/namespace",
	"metadata/labels/helm.toolkit.fluxcd.io/name", "metadata/labels/helm.toolkit.fluxcd.io/namespace",
	"metadata/annotations/kustomize.toolkit.fluxcd.io/substitute",
	"metadata/annotations/argocd.argoproj.io/sync-wave", "metadata/annotations/argocd.argoproj.io/sync-options",
	"metadata/annotations/argocd.argoproj.io/compare-options", "metadata/annotations/argocd.argoproj.io/hook",
	"metadata/annotations/argocd.argoproj.io/hook-delete-policy", "metadata/annotations/helm.sh/resource-policy",
}

// covered names the documented normalisation by which a mutation of a place may make no
// difference; "" where there is none. to is null where the value is taken away.
func covered(o *manifest.Object, p place, to any) string {
	path, parent := p.String(), p.path[len(p.path)-1]
	known := o.GetKind() != "CustomResourceDefinition" && scheme.Scheme.Recognizes(o.GroupVersionKind())
	text := parent == "data" || p.path[0] == "data"
	switch {
	case slices.Contains(steering, path):
		return "mark"
	case to == nil && (path == "metadata/labels" || path == "metadata/annotations") && onlyMarks(path, p.value):
		return "marks"
	case !known || to != nil:
		return ""
	case parent == "protocol" && p.value == "TCP" && strings.Contains(path, "/ports/") && o.GetKind() != "NetworkPolicy":
		return "protocol"
	case path == "type" && p.value == "Opaque" && o.GetKind() == "Secret":
		return "type of a Secret"
	case p.value == nil, p.value == false, p.value == "" && !(text && len(p.path) == 1):
		return "null or zero"
	case empty(p.value) && (parent == "data" || isList(p.value) || parent == "0"):
		return "empty"
	}
	return ""
}

func isList(value any) bool { _, ok := value.([]any); return ok }

// empty tells whether nothing, or nothing but nulls, is in a map or a list.
func empty(value any) bool {
	m, ok := value.(map[string]any)
	for _, v := range m {
		ok = ok && v == nil
	}
	list, isList := value.([]any)
	return ok || isList && len(list) == 0
}

// onlyMarks tells whether labels or annotations go with what knows the object. What Helm
// adds goes with the label of the release.
func onlyMarks(path string, value any) bool {
	m, ok := value.(map[string]any)
	for key, v := range m {
		helm := m["helm.toolkit.fluxcd.io/name"] != nil && key == "app.kubernetes.io/managed-by" && v == "Helm"
		ok = ok && (helm || slices.Contains(steering, path+"/"+key))
	}
	return ok
}

// TestLeaves changes, retypes, drops and nulls each value of each object of the fixtures,
// one at a time. All is noticed, but for what is covered, and that is not noticed.
func TestLeaves(t *testing.T) {
	tried := 0
	why := map[string]int{}
	for _, side := range each(t) {
		o := &side.Objects[0]
		for n, p := range allPlaces(o) {
			for name, to := range map[string]any{"change": changed(p.value), "retype": retyped(p.value), "drop": nil, "null": nil} {
				if name == "change" && !leaf(p.value) || name == "null" && p.value == nil {
					continue
				}
				mutant := clone(side)
				if q := allPlaces(&mutant.Objects[0])[n]; name == "drop" {
					q.drop()
				} else {
					q.set(to)
				}
				tried++
				if !content.Compare(side, mutant).Equal() {
					continue
				}
				reason := covered(o, p, to)
				if why[reason]++; reason == "" {
					t.Errorf("%s %s of %s, %v, is not noticed", name, p, o.ID(), p.value)
				}
			}
		}
	}
	t.Logf("%d mutations of values: all are caught but for %v, which documented normalisations cover", tried, why)
}
