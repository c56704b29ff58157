package mapping

import (
	"maps"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// mergeValues lays over on base as Helm does with two values files: maps merge,
// anything else is replaced. Both may be nil; the result is not.
func mergeValues(base, over *yaml.Node) *yaml.Node {
	if base == nil {
		if over == nil {
			return node.Map()
		}
		return over
	}
	merged := node.Clone(base)
	if over == nil {
		return merged
	}
	for i := 0; i+1 < len(over.Content); i += 2 {
		key, value := over.Content[i], over.Content[i+1]
		old := node.Get(merged, key.Value)
		switch {
		case old == nil:
			merged.Content = append(merged.Content, key, value)
		case old.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			*old = *mergeValues(old, value)
		default:
			*old = *value
		}
	}
	return merged
}

func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
