package liveset

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// reserved are inputs that the operator gives itself.
var reserved = []string{"id", "provider"}

// listsOnly tells whether lists alone decide what an item of generators gives.
func listsOnly(g *yaml.Node) bool {
	generators := 0
	for i := 0; i+1 < len(g.Content); i += 2 {
		switch kind, body := g.Content[i].Value, g.Content[i+1]; kind {
		case "list":
		case "matrix", "merge":
			if slices.ContainsFunc(node.Items(body, "generators"), func(child *yaml.Node) bool { return !listsOnly(child) }) {
				return false
			}
		case "selector":
			continue
		default:
			return false
		}
		generators++
	}
	return generators > 0
}

// lists takes what lists give as inputs: elements as they are, or what a selector, a
// matrix or a merge makes of them.
func (s *Set) lists(f *factor, g *yaml.Node, at string, w World) *appset.Problem {
	if body := node.Get(g, "list"); body != nil && len(g.Content) == 2 {
		return s.list(f, body, at+".list")
	}
	sets, p := appset.Parameters(s.Root, g, at, w.World)
	if p != nil {
		return p
	}
	for _, set := range sets {
		element := node.FromValue(nested(set))
		restyle(element, g.Line)
		if p := s.element(f, element, at); p != nil {
			return p
		}
	}
	return nil
}

// nested is a set whose values, which have names with dots without Go templates, are a
// map, as in an element of a list.
func nested(set map[string]any) map[string]any {
	made, values := map[string]any{}, map[string]any{}
	for key, value := range set {
		if name, ok := strings.CutPrefix(key, "values."); ok {
			values[name] = value
		} else {
			made[key] = value
		}
	}
	if len(values) > 0 {
		made["values"] = values
	}
	return made
}

// list takes the elements of a list generator as inputs.
func (s *Set) list(f *factor, body *yaml.Node, at string) *appset.Problem {
	items := node.Items(body, "elements")
	if text := node.Get(body, "elementsYaml"); !node.Empty(text) {
		more, p := elementsYaml(text, at)
		if p != nil {
			return p
		}
		items = append(items, more...)
	}
	for i, item := range items {
		if p := s.element(f, item, ledger.Index(at+".elements", i)); p != nil {
			return p
		}
	}
	return nil
}

// element takes one set of parameters as an input.
func (s *Set) element(f *factor, item *yaml.Node, at string) *appset.Problem {
	if item.Kind != yaml.MappingNode {
		return problem(item, at, "an element is no map")
	}
	for _, key := range reserved {
		if node.Get(item, key) != nil {
			return problem(item, at, "flux-operator itself gives the input %s: rename the parameter", key)
		}
	}
	if holds(item, "{{") || holds(item, opening) {
		return problem(item, at, "an element holds a template")
	}
	f.inputs = append(f.inputs, item)
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
