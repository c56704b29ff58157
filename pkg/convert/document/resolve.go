package document

import (
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// A resolver turns a parsed document into a plain tree, in place, in one walk.
type resolver struct {
	doc    *Doc
	way    []step // from the root to the node at hand
	copied int
}

// A step leads to a value of a map, or to an entry of a list when key is nil.
type step struct {
	key   *yaml.Node
	index int
}

// resolve returns what takes the place of n. It clears the anchor of a node
// once the node is resolved; an alias to a node that still has its anchor is
// thus inside of that node.
func (r *resolver) resolve(n *yaml.Node) (*yaml.Node, error) {
	n.Line += r.doc.Line - 1
	if len(r.way) > MaxDepth {
		return nil, r.fail(n.Line, "maps and lists nest too deeply", "")
	}
	var err error
	switch n.Kind {
	case yaml.AliasNode:
		return r.alias(n)
	case yaml.MappingNode:
		err = r.mapping(n)
	case yaml.SequenceNode:
		for i := range n.Content {
			if n.Content[i], err = r.child(step{index: i}, n.Content[i]); err != nil {
				break
			}
		}
	}
	n.Anchor = ""
	return n, err
}

func (r *resolver) child(s step, n *yaml.Node) (*yaml.Node, error) {
	r.way = append(r.way, s)
	n, err := r.resolve(n)
	r.way = r.way[:len(r.way)-1]
	return n, err
}

func (r *resolver) mapping(n *yaml.Node) error {
	merges := false
	for i := 0; i < len(n.Content); i += 2 {
		key, err := r.resolve(n.Content[i])
		if err != nil {
			return err
		}
		if key.Kind != yaml.ScalarNode {
			return r.fail(key.Line, "a key must be a scalar, found "+describe(key), hintQuote)
		}
		value, err := r.child(step{key: key}, n.Content[i+1])
		if err != nil {
			return err
		}
		merges = merges || isMerge(key)
		n.Content[i], n.Content[i+1] = key, value
	}
	if err := r.unique(n.Content); err != nil {
		return err
	}
	if merges {
		return r.merge(n)
	}
	return nil
}

// alias returns a copy of what n refers to, with n's comments.
func (r *resolver) alias(n *yaml.Node) (*yaml.Node, error) {
	if n.Alias.Anchor != "" {
		return nil, r.fail(n.Line, "an alias refers to a map or list that contains it", "")
	}
	c, err := r.copy(n.Alias, len(r.way), n.Line)
	if err != nil {
		return nil, err
	}
	c.HeadComment, c.LineComment, c.FootComment = n.HeadComment, n.LineComment, n.FootComment
	return c, nil
}

// copy copies a resolved tree to the given depth, for an alias at the given line.
func (r *resolver) copy(n *yaml.Node, depth, line int) (*yaml.Node, error) {
	r.copied++
	if r.copied > MaxCopies {
		return nil, r.fail(line, "aliases make the document too large", "")
	}
	if depth > MaxDepth {
		return nil, r.fail(line, "maps and lists nest too deeply", "")
	}
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		var err error
		if c.Content[i], err = r.copy(child, depth+1, line); err != nil {
			return nil, err
		}
	}
	return &c, nil
}

// unique refuses keys that are there twice. Keys are compared by their text:
// 1 and "1" are the same key once the document is JSON.
func (r *resolver) unique(pairs []*yaml.Node) error {
	const few = 16 // up to here comparing all is faster than a map
	var seen map[string]*yaml.Node
	if len(pairs) > 2*few {
		seen = make(map[string]*yaml.Node, len(pairs)/2)
	}
	for i := 0; i < len(pairs); i += 2 {
		key, first := pairs[i], (*yaml.Node)(nil)
		if seen != nil {
			first = seen[key.Value]
			seen[key.Value] = key
		}
		for j := 0; seen == nil && j < i && first == nil; j += 2 {
			if pairs[j].Value == key.Value {
				first = pairs[j]
			}
		}
		if first != nil {
			path := ledger.Key(r.path(), key.Value)
			err := r.fail(key.Line, fmt.Sprintf("duplicate key %s, first on line %d", path, first.Line), "")
			err.Path = path
			return err
		}
	}
	return nil
}

func (r *resolver) fail(line int, msg, hint string) *Error {
	return &Error{File: r.doc.File, Line: line, Path: r.path(), Msg: msg, Hint: hint}
}

func (r *resolver) path() string {
	path := ""
	for _, s := range r.way {
		if s.key == nil {
			path = ledger.Index(path, s.index)
		} else {
			path = ledger.Key(path, s.key.Value)
		}
	}
	return path
}
