package content

import (
	"reflect"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// FuzzCompare: objects are equal to themselves and to a copy, comparing changes nothing, and
// two objects that differ for one side do for the other.
func FuzzCompare(f *testing.F) {
	for _, text := range []string{
		deployment(", labels: {a: b}", ", env: [{name: A, value: b}], resources: {limits: {cpu: 1000m}}"),
		secret(", data: {a: eA==}, stringData: {b: c}"), custom(", spec: {a: [1, [2.5, null], {name: x}]}"),
		configMap(", namespace: a", ", data: {a: null}") + "---\n" + configMap(", namespace: a", ""),
		installedConfigMap("", ""), "{apiVersion: v1, kind: Pod, metadata: [x], spec: {containers: [{name: a}, 1]}}",
	} {
		f.Add(text, strings.Replace(text, "b", "c", 1))
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		left, right := fuzzed(one), fuzzed(two)
		again := fuzzed(one)
		for _, tool := range []Tool{ArgoCD, Flux} {
			if r := Compare(Side{Tool: tool, Objects: left}, Side{Tool: tool, Objects: again}); !r.Equal() {
				t.Errorf("not equal to itself: %+v", r.Differences)
			}
		}
		there := Compare(Side{Tool: ArgoCD, Objects: left}, Side{Tool: Flux, Objects: right})
		back := Compare(Side{Tool: Flux, Objects: right}, Side{Tool: ArgoCD, Objects: left})
		if there.Equal() != back.Equal() {
			t.Errorf("one way %+v\nand back %+v", there.Differences, back.Differences)
		}
		if !reflect.DeepEqual(there, Compare(Side{Tool: ArgoCD, Objects: left}, Side{Tool: Flux, Objects: right})) {
			t.Error("not the same twice")
		}
		if !reflect.DeepEqual(left, again) {
			t.Error("comparing changed an object")
		}
	})
}

func fuzzed(text string) (all []manifest.Object) {
	for doc := range strings.SplitSeq(text, "---\n") {
		objects, err := manifest.Decode([]byte(doc), manifest.Origin{})
		if err == nil {
			all = append(all, objects...)
		}
	}
	return all
}
