package appset

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// fill returns a generator's own template with what it leaves out taken from the
// ApplicationSet's, as mergeGeneratorTemplate does with mergo
// (applicationset/generators/generator_spec_processor.go): maps are merged, lists are
// not, and what is empty, false or 0 counts as left out where the other says something.
// Elsewhere it stays, as automated: {} is a pointer that is not nil, but for lists: an empty
// one is not written.
func fill(own, base *yaml.Node) *yaml.Node {
	switch {
	case zero(own) && (!node.Null(base) || own == nil || own.Kind == yaml.SequenceNode):
		return base
	case zero(base) || own.Kind != yaml.MappingNode || base.Kind != yaml.MappingNode:
		return own
	}
	merged := *own
	merged.Content = nil
	for i := 0; i+1 < len(own.Content); i += 2 {
		key, value := own.Content[i], own.Content[i+1]
		// Values as an object are bytes to the library, and so taken as a whole.
		if key.Value != "valuesObject" || node.Null(value) {
			value = fill(value, node.Get(base, key.Value))
		}
		if value != nil {
			merged.Content = append(merged.Content, key, value)
		}
	}
	for i := 0; i+1 < len(base.Content); i += 2 {
		if node.Get(own, base.Content[i].Value) == nil {
			merged.Content = append(merged.Content, base.Content[i], base.Content[i+1])
		}
	}
	return &merged
}

// zero tells whether n says what no value says, to Go.
func zero(n *yaml.Node) bool {
	if node.Empty(n) {
		return true
	}
	if n.Kind != yaml.ScalarNode {
		return false
	}
	switch n.ShortTag() {
	case yaml.NodeTagBool:
		return !node.True(n)
	case yaml.NodeTagInt, yaml.NodeTagFloat:
		var number float64
		return n.Decode(&number) == nil && number == 0
	}
	return n.Value == ""
}
