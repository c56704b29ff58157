package node

import (
	"fmt"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// String returns a string scalar: a literal block where it has several lines, and
// quoted where Kubernetes, which reads YAML 1.1, would take it for a boolean. Other
// look-alikes the encoder quotes by itself.
func String(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagString, Value: s}
	if _, ok := oldBool(s); ok {
		n.Style = yaml.DoubleQuotedStyle
	} else if strings.Contains(s, "\n") {
		n.Style = yaml.LiteralStyle
	}
	return n
}

// oldBool reads the booleans that only YAML 1.1 has.
func oldBool(s string) (value, ok bool) {
	switch s {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		return true, true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}

// ResolveOldBools turns the plain booleans of YAML 1.1 below n into true and false,
// as Helm and Kubernetes read them.
func ResolveOldBools(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Style == 0 && n.Tag == yaml.NodeTagString {
		if value, ok := oldBool(n.Value); ok {
			n.Tag, n.Value = yaml.NodeTagBool, strconv.FormatBool(value)
		}
	}
	for i, child := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			ResolveOldBools(child)
		}
	}
}

// TextDates quotes the dates below n: they are text to Helm and Kubernetes, and become a
// point in time where kustomize reads them.
func TextDates(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Style == 0 && n.ShortTag() == "!!timestamp" {
		n.Tag, n.Style = yaml.NodeTagString, yaml.DoubleQuotedStyle
	}
	for _, child := range n.Content {
		TextDates(child)
	}
}

// TextKeys turns the keys below n that are no text into the text that they become in
// JSON: 1 into "1", on into "true". Helm and Kubernetes see no other.
func TextKeys(n *yaml.Node) error {
	seen := map[string]bool{}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			written := child.Value
			if err := textKey(child); err != nil {
				return err
			}
			if seen[child.Value] {
				return fmt.Errorf("the key %q is %q, which is there already: quote it", written, child.Value)
			}
			seen[child.Value] = true
			continue
		}
		if err := TextKeys(child); err != nil {
			return err
		}
	}
	return nil
}

func textKey(key *yaml.Node) error {
	_, old := oldBool(key.Value)
	if key.Style != 0 || key.Tag == yaml.NodeTagString && !old {
		return nil
	}
	var pair map[string]any
	if err := sigsyaml.Unmarshal([]byte("{"+key.Value+": 0}"), &pair); err != nil || len(pair) != 1 {
		return fmt.Errorf("the key %q is no text: quote it", key.Value)
	}
	for text := range pair {
		key.Tag, key.Value, key.Style = yaml.NodeTagString, text, yaml.DoubleQuotedStyle
	}
	return nil
}

// Bool returns a boolean scalar.
func Bool(b bool) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagBool, Value: strconv.FormatBool(b)}
}

// Int returns an integer scalar.
func Int(i int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagInt, Value: strconv.Itoa(i)}
}

// Map returns a mapping of the given keys and values, in that order.
func Map(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode, Tag: yaml.NodeTagMap}
	for i := 0; i+1 < len(pairs); i += 2 {
		value, ok := pairs[i+1].(*yaml.Node)
		if !ok {
			value = String(pairs[i+1].(string))
		}
		m.Content = append(m.Content, String(pairs[i].(string)), value)
	}
	return m
}

// List returns a sequence of items.
func List(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: yaml.NodeTagSeq, Content: items}
}

// Strings returns a sequence of string scalars.
func Strings(items []string) *yaml.Node {
	l := List()
	for _, s := range items {
		l.Content = append(l.Content, String(s))
	}
	return l
}

// Put sets key in mapping m. A new key goes to its alphabetical place among the
// keys, so that the order of calls does not show.
func Put(m *yaml.Node, key string, value *yaml.Node) {
	PutKey(m, String(key), value)
}

// PutKey is Put with the key's own node, which carries the comments above it.
func PutKey(m *yaml.Node, key, value *yaml.Node) {
	at := len(m.Content)
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key.Value {
			m.Content[i+1] = value
			return
		}
		if at == len(m.Content) && m.Content[i].Value > key.Value {
			at = i
		}
	}
	m.Content = append(m.Content, nil, nil)
	copy(m.Content[at+2:], m.Content[at:])
	m.Content[at], m.Content[at+1] = key, value
}

// Remove takes key out of mapping m, if it is there.
func Remove(m *yaml.Node, key string) {
	if m == nil || m.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = append(m.Content[:i:i], m.Content[i+2:]...)
			return
		}
	}
}

// Clone returns a deep copy of n without line numbers' meaning changed.
func Clone(n *yaml.Node) *yaml.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Content = nil
	for _, child := range n.Content {
		c.Content = append(c.Content, Clone(child))
	}
	return &c
}
