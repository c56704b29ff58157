package manifest

import (
	"math"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Content returns the content of a tree with the types that it has after JSON, through
// which kustomize writes its output (api/resource/resource.go AsYAML).
func Content(n *yaml.Node) (content map[string]any, err error) {
	if err := n.Decode(&content); err != nil {
		return nil, err
	}
	normal(content)
	return content, nil
}

// FromNode makes objects of a tree.
func FromNode(n *yaml.Node, origin Origin) ([]Object, error) {
	content, err := Content(n)
	if err != nil {
		return nil, err
	}
	return FromContent(content, origin)
}

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
