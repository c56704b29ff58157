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

// maxYaml bounds the text of elementsYaml, as static expansion does.
const maxYaml = 1 << 20

func elementsYaml(text *yaml.Node, at string) ([]*yaml.Node, *appset.Problem) {
	refuse := func() ([]*yaml.Node, *appset.Problem) {
		return nil, problem(text, at+".elementsYaml", "it is no list of maps in YAML, holds a template, or is larger than 1 MiB")
	}
	if strings.Contains(text.Value, "{{") || len(text.Value) > maxYaml {
		return refuse()
	}
	json, err := sigsyaml.YAMLToJSON([]byte(text.Value))
	if err != nil {
		return refuse()
	}
	list, err := yaml.Parse(string(json))
	if err != nil || list.YNode().Kind != yaml.SequenceNode {
		return refuse()
	}
	restyle(list.YNode(), text.Line)
	return list.YNode().Content, nil
}

// restyle gives what was JSON the style of other nodes, and their line.
func restyle(n *yaml.Node, line int) {
	n.Line, n.Style = line, 0
	if n.Kind == yaml.ScalarNode && n.ShortTag() == yaml.NodeTagString {
		made := node.String(n.Value)
		n.Tag, n.Style = made.Tag, made.Style
	}
	for _, child := range n.Content {
		restyle(child, line)
	}
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
