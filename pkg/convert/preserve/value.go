// Package preserve keeps what a conversion cannot carry: how an object was, as the
// difference to what comes back of it, so that the way back can restore it wherever
// nobody has changed it since.
package preserve

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Value returns a tree as the values of JSON that Kubernetes reads from it. Numbers
// keep their text.
func Value(n *yaml.Node) any {
	switch {
	case node.Null(n):
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

// Node returns values of JSON as a tree.
func Node(value any) *yaml.Node {
	switch v := value.(type) {
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagNull, Value: "null"}
	case bool:
		return node.Bool(v)
	case json.Number:
		tag := yaml.NodeTagInt
		if strings.ContainsAny(v.String(), ".eE") {
			tag = yaml.NodeTagFloat
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: v.String()}
	case string:
		return node.String(v)
	case []any:
		list := node.List()
		for _, item := range v {
			list.Content = append(list.Content, Node(item))
		}
		return list
	default:
		m := node.Map()
		for _, key := range sortedKeys(value.(map[string]any)) {
			m.Content = append(m.Content, node.String(key), Node(value.(map[string]any)[key]))
		}
		return m
	}
}

// Fingerprint tells values apart without showing them.
func Fingerprint(value any) string {
	text, err := json.Marshal(value) // keys are sorted
	if err != nil {
		return "" // no value of JSON: never the same as another
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
