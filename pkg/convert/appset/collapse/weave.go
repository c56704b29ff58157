package collapse

import (
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A weaver makes one template of Applications, and parameters of what differs.
type weaver struct {
	count  int
	params []param
	taken  map[string]bool
	at     map[string]string
}

// A param has a value for each Application.
type param struct {
	name   string
	values []string
}

// weave returns the template of nodes of one shape. keys lead there.
func (w *weaver) weave(nodes []*yaml.Node, path string, keys []string) *yaml.Node {
	first := nodes[0]
	switch {
	case first.Kind == yaml.ScalarNode && first.ShortTag() == yaml.NodeTagString:
		return node.String(w.text(nodes, path, keys))
	case first.Kind == yaml.ScalarNode:
		return first
	}
	made := &yaml.Node{Kind: first.Kind, Tag: first.Tag}
	for i, child := range first.Content {
		here, key := ledger.Index(path, i), strconv.Itoa(i)
		if first.Kind == yaml.MappingNode {
			if i%2 == 0 {
				made.Content = append(made.Content, node.String(literal(child.Value)))
				continue
			}
			key = first.Content[i-1].Value
			here = ledger.Key(path, key)
		}
		children := make([]*yaml.Node, len(nodes))
		for j, n := range nodes {
			children[j] = n.Content[i]
		}
		made.Content = append(made.Content, w.weave(children, here, append(slices.Clip(keys), key)))
	}
	return made
}

// text returns the template of texts: one parameter, one between others that are the
// same everywhere, or a new parameter.
func (w *weaver) text(nodes []*yaml.Node, path string, keys []string) string {
	values := make([]string, len(nodes))
	for i, n := range nodes {
		values[i] = n.Value
	}
	if !slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) || path == "metadata.namespace" {
		return literal(values[0])
	}
	for _, p := range w.params {
		if slices.Equal(p.values, values) {
			w.at[path] = p.name
			return action(p.name)
		}
	}
	for _, p := range w.params {
		if pieces := around(p.values, values); pieces != nil {
			return join(pieces, p.name)
		}
	}
	p := param{name: w.name(keys), values: values}
	w.params = append(w.params, p)
	w.at[path] = p.name
	return action(p.name)
}

// around returns what is around a parameter in the values where that is the same in all
// of them, else nil.
func around(param, values []string) (pieces []string) {
	for i, value := range values {
		if param[i] == "" {
			return nil
		}
		own := strings.Split(value, param[i])
		if len(own) == 1 || i > 0 && !slices.Equal(own, pieces) {
			return nil
		}
		pieces = own
	}
	return pieces
}

func action(name string) string { return "{{ ." + name + " }}" }

func join(pieces []string, name string) string {
	var b strings.Builder
	for i, piece := range pieces {
		piece = literal(piece)
		if i == len(pieces)-1 {
			return b.String() + piece
		}
		// A brace in front of an action would become part of it.
		if open, ok := strings.CutSuffix(piece, "{"); ok {
			piece = open + "{{`{`}}"
		}
		b.WriteString(piece + action(name))
	}
	return b.String()
}

// literal returns a template that gives the text.
func literal(text string) string { return strings.ReplaceAll(text, "{{", "{{`{{`}}") }

// elements are the parameters of each Application.
func (w *weaver) elements() *yaml.Node {
	list := node.List()
	for i := range w.count {
		element := node.Map()
		for _, p := range w.params {
			element.Content = append(element.Content, node.String(p.name), node.String(p.values[i]))
		}
		list.Content = append(list.Content, element)
	}
	return list
}
