package schema

import (
	"slices"
	"strconv"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// A Problem is a place where a document differs from its schema. The message never
// holds the value found there, which may be a secret.
type Problem struct {
	Path    string // in the form of package ledger; empty for the document itself
	Line    int    // of the key or the list item
	Message string
	Unknown bool // the schema has no such field, so the API server would drop it
	Form    bool // the type is right, but the value is too small, or breaks a pattern or a range
}

// Validate checks a document, given as its root map or as a document node, and
// returns the problems in document order. It wants aliases and merge keys resolved.
// As in the API server, a field that is null counts as one that is not there.
func (s *Schema) Validate(n *yaml.Node) []Problem {
	if n != nil && n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return nil
		}
		n = n.Content[0]
	}
	if n == nil || n.Kind == 0 {
		return nil
	}
	c := checker{path: make([]step, 0, 16)}
	c.check(s.root, n, n.Line)
	return c.problems
}

// A checker walks a document. It remembers the way as steps and spells it out only
// for a problem, as most documents have none.
type checker struct {
	path     []step
	problems []Problem
}

// A step is a key, or an index when the key is nil.
type step struct {
	key   *yaml.Node
	index int
}

func (c *checker) check(s *node, n *yaml.Node, line int) {
	n = target(n)
	switch {
	case n == nil || s.free():
	case s.Nullable && isNull(n):
	case s.Type == "object" && n.Kind == yaml.MappingNode:
		c.object(s, n, line)
	case s.Type == "array" && n.Kind == yaml.SequenceNode:
		c.array(s, n, line)
	case !s.accepts(n):
		c.report(line, "expected "+s.wanted()+", found "+noun(typeOf(n)))
	default:
		c.scalar(s, n, line)
	}
}

func (c *checker) object(s *node, n *yaml.Node, line int) {
	for _, name := range s.Required {
		if !has(n, name) && !s.defaults(name) {
			c.path = append(c.path, step{key: &yaml.Node{Value: name}})
			c.report(line, "required field is missing")
			c.path = c.path[:len(c.path)-1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := target(n.Content[i])
		if key == nil || key.Kind != yaml.ScalarNode {
			c.report(n.Content[i].Line, "expected a plain key, found "+noun(typeOf(key)))
			continue
		}
		c.path = append(c.path, step{key: key})
		c.field(s, key, n.Content[i+1])
		c.path = c.path[:len(c.path)-1]
	}
}

// field checks one field of a map; its step is already on the path.
func (c *checker) field(s *node, key, value *yaml.Node) {
	child, known := s.Props[key.Value]
	if !known {
		child, known = s.Values, s.Values != nil
	}
	switch {
	case !known && s.open():
	case !known:
		c.unknown(s, key)
	case !isNull(value):
		c.check(child, value, key.Line)
	case !child.free() && !child.Nullable && slices.Contains(s.Required, key.Value) && !s.defaults(key.Value):
		c.report(key.Line, "required field is null")
	}
}

func (c *checker) array(s *node, n *yaml.Node, line int) {
	c.bounds(s.MinItems, s.MaxItems, len(n.Content), "item", line)
	for i, item := range n.Content {
		c.path = append(c.path, step{index: i})
		c.check(s.Items, item, item.Line)
		c.path = c.path[:len(c.path)-1]
	}
}

func (c *checker) unknown(s *node, key *yaml.Node) {
	message := "unknown field " + strconv.Quote(key.Value)
	if name := s.near(key.Value); name != "" {
		message += "; did you mean " + strconv.Quote(name) + "?"
	}
	c.report(key.Line, message)
	c.problems[len(c.problems)-1].Unknown = true
}

func (c *checker) reportForm(line int, message string) {
	c.report(line, message)
	c.problems[len(c.problems)-1].Form = true
}

func (c *checker) report(line int, message string) {
	path := ""
	for _, at := range c.path {
		if at.key != nil {
			path = ledger.Key(path, at.key.Value)
		} else {
			path = ledger.Index(path, at.index)
		}
	}
	c.problems = append(c.problems, Problem{Path: path, Line: line, Message: message})
}

// defaults says that the API server fills in the field when it is absent.
func (s *node) defaults(name string) bool {
	child := s.Props[name]
	return child != nil && child.Default != nil
}
