package node

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Value returns a tree as the values of JSON that Kubernetes reads from it. Numbers
// keep their text.
func Value(n *yaml.Node) any {
	switch {
	case Null(n):
		return nil
	case n.Kind == yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = Value(n.Content[i+1])
		}
		return m
	case n.Kind == yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = Value(item)
		}
		return list
	default:
		return scalar(n)
	}
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case yaml.NodeTagBool:
		return strings.EqualFold(n.Value, "true")
	case yaml.NodeTagInt, yaml.NodeTagFloat:
		var number json.Number
		if json.Unmarshal([]byte(n.Value), &number) == nil {
			return number
		}
	}
	return n.Value
}

// FromValue returns values of JSON as a tree.
func FromValue(value any) *yaml.Node {
	switch v := value.(type) {
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagNull, Value: "null"}
	case bool:
		return Bool(v)
	case json.Number:
		tag := yaml.NodeTagInt
		if strings.ContainsAny(v.String(), ".eE") {
			tag = yaml.NodeTagFloat
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: v.String()}
	case string:
		return String(v)
	case []any:
		list := List()
		for _, item := range v {
			list.Content = append(list.Content, FromValue(item))
		}
		return list
	default:
		m := Map()
		for _, key := range slices.Sorted(maps.Keys(value.(map[string]any))) {
			m.Content = append(m.Content, String(key), FromValue(value.(map[string]any)[key]))
		}
		return m
	}
}
