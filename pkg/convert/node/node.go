// Package node holds the few operations on YAML trees that the compiler needs.
package node

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Get returns the value of key in a mapping, or nil.
func Get(n *yaml.Node, key string) *yaml.Node {
	_, value := Pair(n, key)
	return value
}

// Pair returns the key and value nodes of key in a mapping, or nils.
func Pair(n *yaml.Node, key string) (*yaml.Node, *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// At follows keys from n; it returns nil as soon as one is missing.
func At(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		if n = Get(n, key); n == nil {
			return nil
		}
	}
	return n
}

// Text returns the scalar below keys, or "" when it is absent, null or no scalar.
func Text(n *yaml.Node, keys ...string) string {
	v := At(n, keys...)
	if v == nil || v.Kind != yaml.ScalarNode || Null(v) {
		return ""
	}
	return v.Value
}

// True tells whether the scalar below keys is the boolean true.
func True(n *yaml.Node, keys ...string) bool {
	b, err := strconv.ParseBool(strings.ToLower(Text(n, keys...)))
	return err == nil && b
}

// Items returns the items of the sequence below keys.
func Items(n *yaml.Node, keys ...string) []*yaml.Node {
	v := At(n, keys...)
	if v == nil || v.Kind != yaml.SequenceNode {
		return nil
	}
	return v.Content
}

// Null tells whether n is absent or an explicit null.
func Null(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.Tag == yaml.NodeTagNull
}

// Empty tells whether n is null or a container without content.
func Empty(n *yaml.Node) bool {
	return Null(n) || n.Kind != yaml.ScalarNode && len(n.Content) == 0
}

// Leaf tells whether n is a leaf: a scalar, or an empty map or list.
func Leaf(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode || len(n.Content) == 0
}
