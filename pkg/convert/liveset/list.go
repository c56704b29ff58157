package liveset

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// reserved are inputs that the operator gives itself.
var reserved = []string{"id", "provider"}

// list takes the elements of a list generator as inputs.
func (s *Set) list(body *yaml.Node, at string) *appset.Problem {
	items := node.Items(body, "elements")
	if text := node.Get(body, "elementsYaml"); !node.Empty(text) {
		more, p := elementsYaml(text, at)
		if p != nil {
			return p
		}
		items = append(items, more...)
	}
	for i, item := range items {
		if item.Kind != yaml.MappingNode {
			return problem(item, ledger.Index(at+".elements", i), "an element is no map")
		}
		for _, key := range reserved {
			if node.Get(item, key) != nil {
				return problem(item, ledger.Index(at+".elements", i), "flux-operator itself gives the input %s: rename the parameter", key)
			}
		}
		if holds(item, "{{") || holds(item, opening) {
			return problem(item, ledger.Index(at+".elements", i), "an element holds a template")
		}
		s.inputs = append(s.inputs, item)
	}
	return nil
}

func elementsYaml(text *yaml.Node, at string) ([]*yaml.Node, *appset.Problem) {
	var values []map[string]any
	if err := sigsyaml.Unmarshal([]byte(text.Value), &values); err != nil || strings.Contains(text.Value, "{{") {
		return nil, problem(text, at+".elementsYaml", "it is no list of maps in YAML, or holds a template")
	}
	var items []*yaml.Node
	for _, value := range values {
		item := node.FromValue(value)
		place(item, text.Line)
		items = append(items, item)
	}
	return items, nil
}

// holds tells whether text below n, keys included, holds part.
func holds(n *yaml.Node, part string) bool {
	if strings.Contains(n.Value, part) {
		return true
	}
	for _, child := range n.Content {
		if holds(child, part) {
			return true
		}
	}
	return false
}
