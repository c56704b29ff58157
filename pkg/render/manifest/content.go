package manifest

import (
	"math"

	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Content returns the content of a tree with the types that it has after JSON, through
// which kustomize writes its output (api/resource/resource.go AsYAML). What JSON cannot
// hold, such as a key that is a number, is an error there and here.
func Content(n *yaml.Node) (content map[string]any, err error) {
	if err := n.Decode(&content); err != nil {
		return nil, err
	}
	if _, ok := normal(content); ok {
		return content, nil
	}
	// The way that kustomize goes takes longer.
	data, err := yaml.NewRNode(n).MarshalJSON()
	if err != nil {
		return nil, err
	}
	content = nil
	return content, json.Unmarshal(data, &content)
}

// FromNode makes objects of a tree.
func FromNode(n *yaml.Node, origin Origin) ([]Object, error) {
	content, err := Content(n)
	if err != nil {
		return nil, err
	}
	return FromContent(content, origin)
}

// normal gives numbers the types that they have after JSON. ok is false where there is
// something that JSON has no type for: a time, a key that is no text, a number that is none.
func normal(value any) (_ any, ok bool) {
	ok = true
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			fits := false
			v[key], fits = normal(item)
			ok = ok && fits
		}
	case []any:
		for i, item := range v {
			fits := false
			v[i], fits = normal(item)
			ok = ok && fits
		}
	case int:
		return int64(v), true
	case uint64:
		return float64(v), true
	case float64:
		const exact = 1 << 53
		if v == math.Trunc(v) && math.Abs(v) <= exact {
			return int64(v), true
		}
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case string, bool, int64, nil:
	default:
		return nil, false
	}
	return value, ok
}
