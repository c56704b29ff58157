package content

import (
	"maps"
	"math"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// trees returns the normal forms of an object on both sides.
func (c *comparison) trees(left, right *manifest.Object) (l, r map[string]any) {
	l, r = c.bare(left), c.bare(right)
	lm, rm := metadataOf(l), metadataOf(r)
	switch byHelm, also := installed(c.left, left), installed(c.right, right); {
	case byHelm && !also:
		dropHelmMarks(lm, rm)
	case also && !byHelm:
		dropHelmMarks(rm, lm)
	}
	settleMetadata(lm)
	settleMetadata(rm)
	if reflect.DeepEqual(l, r) {
		return l, r
	}
	typedLeft, ok := builtin(l)
	typedRight, both := builtin(r)
	if !ok || !both { // what the API server refuses is compared as it is
		return l, r
	}
	return typedLeft, typedRight
}

// bare returns a copy of an object's content without marks and what else is no content
// for any kind.
func (c *comparison) bare(o *manifest.Object) map[string]any {
	tree := numbers(runtime.DeepCopyJSON(o.Object)).(map[string]any)
	metadata := metadataOf(tree)
	dropMarks(metadata)
	if c.clusterScoped(o) {
		delete(metadata, "namespace")
	}
	// A status is written by controllers. That of a kind which may have no such
	// subresource, so that what the manifest says counts, stays if it says anything.
	status, _ := tree["status"].(map[string]any)
	crd := o.GetKind() == "CustomResourceDefinition" && o.GroupVersionKind().Group == "apiextensions.k8s.io"
	if len(status) == 0 && (tree["status"] == nil || status != nil) || crd {
		delete(tree, "status")
	}
	return tree
}

// settleMetadata does what decoding into ObjectMeta does: no labels are as good as none,
// and a null time is none (apimachinery pkg/apis/meta/v1/types.go).
func settleMetadata(metadata map[string]any) {
	for _, key := range []string{"labels", "annotations", "creationTimestamp"} {
		pairs, isMap := metadata[key].(map[string]any)
		if metadata[key] == nil || isMap && len(pairs) == 0 {
			delete(metadata, key)
		}
	}
}

func metadataOf(tree map[string]any) map[string]any {
	metadata, _ := tree["metadata"].(map[string]any)
	return metadata
}

// numbers gives whole numbers one type, as JSON has one for them: 1.0 is stored as 1.
func numbers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range maps.Keys(v) {
			v[key] = numbers(v[key])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case float64:
		const exact = 1 << 53
		if v == math.Trunc(v) && math.Abs(v) <= exact {
			return int64(v)
		}
	}
	return value
}
