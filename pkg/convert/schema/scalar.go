package schema

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// target follows an alias, should one be left.
func target(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	n = target(n)
	return n == nil || n.Kind == 0 || n.Kind == yaml.ScalarNode && n.ShortTag() == yaml.NodeTagNull
}

func has(n *yaml.Node, name string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := target(n.Content[i]); key != nil && key.Value == name && key.Kind == yaml.ScalarNode {
			return true
		}
	}
	return false
}

// typeOf is the schema's name for what stands in a document. As for the API server,
// dates are strings, and so is a scalar with a tag of its own.
func typeOf(n *yaml.Node) string {
	switch {
	case isNull(n):
		return "null"
	case n.Kind == yaml.MappingNode:
		return "object"
	case n.Kind == yaml.SequenceNode:
		return "array"
	}
	switch n.ShortTag() {
	case yaml.NodeTagInt:
		return "integer"
	case yaml.NodeTagFloat:
		return "number"
	case yaml.NodeTagBool:
		return "boolean"
	default:
		return "string"
	}
}

// noun is a schema type as people call it.
func noun(typ string) string {
	switch typ {
	case "object":
		return "a map"
	case "array":
		return "a list"
	case "integer":
		return "an integer"
	case "null":
		return "null"
	default:
		return "a " + typ
	}
}

// wanted is what the schema accepts, as people call it.
func (s *node) wanted() string {
	if s.IntOrString {
		return "an integer or a string"
	}
	return noun(s.Type)
}

func (s *node) accepts(n *yaml.Node) bool {
	found := typeOf(n)
	switch {
	case s.IntOrString:
		return found == "integer" || found == "string"
	case s.Type == "integer" && found == "number":
		// JSON has one kind of number: 3.0 is an integer there.
		value, ok := float(n)
		return ok && value == math.Trunc(value) && !math.IsInf(value, 0)
	default:
		return found == s.Type || s.Type == "number" && found == "integer"
	}
}

// scalar checks a value whose type is right.
func (c *checker) scalar(s *node, n *yaml.Node, line int) {
	if typeOf(n) != "string" {
		c.limits(s, n, line)
		return
	}
	if s.MinLength != nil || s.MaxLength != nil {
		c.bounds(s.MinLength, s.MaxLength, utf8.RuneCountInString(n.Value), "character", line)
	}
	if s.Enum != nil && !slices.Contains(s.Enum, n.Value) {
		quoted := make([]string, len(s.Enum))
		for i, value := range s.Enum {
			quoted[i] = strconv.Quote(value)
		}
		c.report(line, "must be one of "+strings.Join(quoted, ", "))
	}
	if s.Pattern != "" && !s.matches(n.Value) {
		c.reportForm(line, "must match the pattern "+strconv.Quote(s.Pattern))
	}
}

func (c *checker) limits(s *node, n *yaml.Node, line int) {
	if s.Minimum == nil && s.Maximum == nil {
		return
	}
	value, ok := float(n)
	if ok && s.Minimum != nil && value < *s.Minimum {
		c.reportForm(line, fmt.Sprintf("must be at least %v", *s.Minimum))
	}
	if ok && s.Maximum != nil && value > *s.Maximum {
		c.reportForm(line, fmt.Sprintf("must be at most %v", *s.Maximum))
	}
}

// bounds checks a length against limits that may be absent.
func (c *checker) bounds(least, most *int, length int, unit string, line int) {
	plural := func(n int) string {
		if n == 1 {
			return "1 " + unit
		}
		return strconv.Itoa(n) + " " + unit + "s"
	}
	if least != nil && length < *least {
		c.reportForm(line, "must have at least "+plural(*least))
	}
	if most != nil && length > *most {
		c.report(line, "must have at most "+plural(*most))
	}
}

func float(n *yaml.Node) (value float64, ok bool) {
	return value, n.Decode(&value) == nil
}
