package table

import (
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A Leaf is a scalar, or an empty map or list, of an object.
type Leaf struct {
	Path string
	Node *yaml.Node
	// Row owns the leaf, or None.
	Row int
	// Source is the index in spec.sources, or -1.
	Source int
}

// Line is where the leaf stands in its file.
func (l *Leaf) Line() int { return l.Node.Line }

// Walk appends the leaves below root to leaves, in document order.
func (t *Trie) Walk(root *yaml.Node, leaves []Leaf) []Leaf {
	w := walker{leaves: leaves, source: -1}
	w.visit(root, &t.root, None)
	return w.leaves
}

type walker struct {
	leaves []Leaf
	path   []byte
	source int
}

// visit walks n. b is nil where only deep, the enclosing subtree's row, applies.
func (w *walker) visit(n *yaml.Node, b *branch, deep int) {
	if b != nil && b.deep != None {
		deep = b.deep
	}
	switch {
	case n.Kind == yaml.MappingNode && len(n.Content) > 0:
		for i := 0; i+1 < len(n.Content); i += 2 {
			w.key(n.Content[i].Value, n.Content[i+1], b, deep)
		}
	case n.Kind == yaml.SequenceNode && len(n.Content) > 0:
		for i, item := range n.Content {
			w.item(i, item, b, deep)
		}
	default:
		row := deep
		if b != nil && b.row != None {
			row = b.row
		}
		w.leaves = append(w.leaves, Leaf{Path: string(w.path), Node: n, Row: row, Source: w.source})
	}
}

func (w *walker) key(name string, value *yaml.Node, b *branch, deep int) {
	mark := len(w.path)
	w.path = ledger.AppendKey(w.path, name)
	var child *branch
	if b != nil {
		child = b.key(name)
	}
	w.visit(value, child, deep)
	w.path = w.path[:mark]
}

func (w *walker) item(i int, value *yaml.Node, b *branch, deep int) {
	mark := len(w.path)
	if string(w.path) == "spec.sources" {
		w.source = i
		defer func() { w.source = -1 }()
	}
	w.path = append(w.path, '[')
	w.path = strconv.AppendInt(w.path, int64(i), 10)
	w.path = append(w.path, ']')
	var child *branch
	if b != nil {
		child = b.item
	}
	w.visit(value, child, deep)
	w.path = w.path[:mark]
}
