package kustomize

import (
	"fmt"
	"math"

	"sigs.k8s.io/kustomize/api/resmap"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// Built is what a build gave.
type Built struct{ Resources resmap.ResMap }

// Objects returns the objects in kustomize's order. Origin.File is left empty:
// kustomize does not tell.
func (b *Built) Objects(origin manifest.Origin) ([]manifest.Object, error) {
	objects := make([]manifest.Object, 0, b.Resources.Size())
	for _, r := range b.Resources.Resources() {
		var content map[string]any
		if err := r.YNode().Decode(&content); err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.GetKind(), r.GetName(), err)
		}
		made, err := manifest.FromContent(normal(content).(map[string]any), origin)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.GetKind(), r.GetName(), err)
		}
		objects = append(objects, made...)
	}
	return objects, nil
}

// normal gives values the types that they have after JSON, through which kustomize
// writes its output (api/resource/resource.go AsYAML).
func normal(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			v[key] = normal(item)
		}
	case []any:
		for i, item := range v {
			v[i] = normal(item)
		}
	case int:
		return int64(v)
	case uint64:
		return float64(v)
	case float64:
		const exact = 1 << 53
		if v == math.Trunc(v) && math.Abs(v) <= exact {
			return int64(v)
		}
	}
	return value
}
