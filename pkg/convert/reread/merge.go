package reread

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// merge returns what own is after the edit that turned before into after. Before says
// the same as own.
func merge(own, before, after *yaml.Node) *yaml.Node {
	switch {
	case same(before, after):
		return own
	case own.Kind == yaml.ScalarNode && after.Kind == yaml.ScalarNode:
		return scalar(own, after)
	case own.Kind == yaml.SequenceNode && after.Kind == own.Kind && len(before.Content) == len(after.Content):
		return list(own, before, after)
	case own.Kind == yaml.MappingNode && after.Kind == own.Kind && len(own.Content) == len(before.Content):
		return mapping(own, before, after)
	default:
		return Move(after, own.Line)
	}
}

func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Value != b.Value || a.Tag != b.Tag || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

func list(own, before, after *yaml.Node) *yaml.Node {
	l := *own
	l.Content = make([]*yaml.Node, len(own.Content))
	for i := range own.Content {
		l.Content[i] = merge(own.Content[i], before.Content[i], after.Content[i])
	}
	return &l
}

// mapping keeps the order of own; keys that the edit made come last.
func mapping(own, before, after *yaml.Node) *yaml.Node {
	m := *own
	m.Content = nil
	kept := map[*yaml.Node]bool{}
	for i := 0; i+1 < len(own.Content); i += 2 {
		at := position(before, own.Content[i].Value)
		key, value := counterpart(before, after, at)
		if value == nil {
			continue
		}
		kept[key] = true
		m.Content = append(m.Content,
			merge(own.Content[i], before.Content[at], key), merge(own.Content[i+1], before.Content[at+1], value))
	}
	for i := 0; i+1 < len(after.Content); i += 2 {
		if !kept[after.Content[i]] {
			m.Content = append(m.Content, Move(after.Content[i], own.Line), Move(after.Content[i+1], own.Line))
		}
	}
	return &m
}

// position returns the index of a key, or -1.
func position(m *yaml.Node, key string) int {
	for i := 0; i < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// counterpart returns the pair that the pair of before at index i became: the one in
// its place, as an edit can change keys, or where pairs came or went the one of its
// name.
func counterpart(before, after *yaml.Node, i int) (key, value *yaml.Node) {
	switch {
	case i < 0:
		return nil, nil
	case len(before.Content) == len(after.Content):
		return after.Content[i], after.Content[i+1]
	default:
		return node.Pair(after, before.Content[i].Value)
	}
}

// scalar puts the value of after in the place of own. Text goes on in the quotes of
// own; what has become something else than text has none.
func scalar(own, after *yaml.Node) *yaml.Node {
	n := *own
	n.Value, n.Tag, n.Style = after.Value, after.Tag, after.Style
	switch {
	case isOldBool(after):
	case after.Tag == yaml.NodeTagString && own.Style != 0, after.Tag == timestamp:
		n.Tag, n.Style = yaml.NodeTagString, own.Style&^yaml.TaggedStyle
	}
	return &n
}

// timestamp is a type of YAML that Kubernetes reads as text.
const timestamp = "!!timestamp"

// isOldBool tells whether n, which this YAML library takes for text, is a boolean for
// Kubernetes.
func isOldBool(n *yaml.Node) bool {
	probe := yaml.Node{Kind: n.Kind, Tag: n.Tag, Style: n.Style, Value: n.Value}
	node.ResolveOldBools(&probe)
	return probe.Tag != n.Tag
}

// quoted puts words such as yes in quotes: they are text for kustomize, and booleans
// for who reads what is written here.
func quoted(n *yaml.Node) *yaml.Node {
	if isOldBool(n) {
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, child := range n.Content {
		quoted(child)
	}
	return n
}

// Move puts n and what is below on a line, and drops comments, which come from values.
func Move(n *yaml.Node, line int) *yaml.Node {
	n.Line, n.HeadComment, n.LineComment, n.FootComment = line, "", "", ""
	for _, child := range n.Content {
		Move(child, line)
	}
	return n
}
