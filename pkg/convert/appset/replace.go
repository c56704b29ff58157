package appset

import (
	"encoding/json"
	"errors"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// replace fills in every text below n, keys of maps included, as the controller does in
// its structs (deeplyReplaceWithFilter in applicationset/utils/utils.go). Keys that hold
// null disappear.
func (e *engine) replace(n *yaml.Node, set params) error {
	switch n.Kind {
	case yaml.ScalarNode:
		return e.scalar(n, set)
	case yaml.MappingNode:
		return e.mapping(n, set)
	}
	for _, item := range n.Content {
		if err := e.replace(item, set); err != nil {
			return err
		}
	}
	return nil
}

func (e *engine) scalar(n *yaml.Node, set params) error {
	if n.ShortTag() != yaml.NodeTagString {
		return nil
	}
	text, err := e.text(n.Value, set)
	if err == nil && text != n.Value {
		put(n, text)
	}
	return err
}

// put makes n another text.
func put(n *yaml.Node, text string) {
	made := node.String(text)
	n.Value, n.Tag, n.Style = made.Value, made.Tag, made.Style
}

func (e *engine) mapping(n *yaml.Node, set params) error {
	var content []*yaml.Node
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if node.Null(value) {
			continue
		}
		err := e.replace(value, set)
		if err == nil && key.Value == "valuesObject" {
			err = roundTrip(value)
		}
		if err != nil {
			return err
		}
		if err := e.scalar(key, set); err != nil {
			return err
		}
		if seen[key.Value] {
			return errors.New("two keys of a map become one")
		}
		seen[key.Value] = true
		content = append(content, key, value)
	}
	n.Content = content
	return nil
}

// roundTrip turns the numbers of free values into those that JSON has once Go has read
// and written them: the controller takes them for float64.
func roundTrip(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		value, err := scalar(n)
		if f, ok := value.(float64); ok && err == nil {
			var text []byte
			if text, err = json.Marshal(f); err == nil && string(text) != n.Value {
				again := node.FromValue(json.Number(text))
				n.Value, n.Tag = again.Value, again.Tag
			}
		}
		return err
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		if err := roundTrip(child); err != nil {
			return err
		}
	}
	return nil
}
