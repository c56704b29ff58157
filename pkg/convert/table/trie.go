package table

import (
	"fmt"
	"strings"
)

// None is the row of a leaf that no pattern claims.
const None = -1

// A Trie maps leaf paths to rows. It is read-only once built.
type Trie struct{ root branch }

type branch struct {
	keys   map[string]*branch
	prefix []prefixed
	any    *branch
	item   *branch
	row    int // of a path that ends here
	deep   int // of every path that starts here
}

type prefixed struct {
	text string
	*branch
}

// NewTrie returns an empty Trie.
func NewTrie() *Trie { return &Trie{root: branch{row: None, deep: None}} }

// Add makes row the owner of pattern. Two rows cannot own one pattern.
func (t *Trie) Add(pattern string, row int) error {
	steps, err := parse(pattern)
	if err != nil {
		return err
	}
	b := &t.root
	for _, s := range steps {
		if s.kind == stepDeep {
			return claim(&b.deep, row, pattern)
		}
		b = b.child(s)
	}
	return claim(&b.row, row, pattern)
}

func claim(owner *int, row int, pattern string) error {
	if *owner != None {
		return fmt.Errorf("pattern %q is claimed by two rows (%d and %d)", pattern, *owner, row)
	}
	*owner = row
	return nil
}

func (b *branch) child(s step) *branch {
	fresh := &branch{row: None, deep: None}
	switch s.kind {
	case stepKey:
		if b.keys == nil {
			b.keys = map[string]*branch{}
		}
		if b.keys[s.text] == nil {
			b.keys[s.text] = fresh
		}
		return b.keys[s.text]
	case stepPrefix:
		for _, p := range b.prefix {
			if p.text == s.text {
				return p.branch
			}
		}
		b.prefix = append(b.prefix, prefixed{s.text, fresh})
		return fresh
	case stepAnyKey:
		if b.any == nil {
			b.any = fresh
		}
		return b.any
	default:
		if b.item == nil {
			b.item = fresh
		}
		return b.item
	}
}

// key returns the most special branch for a map key.
func (b *branch) key(name string) *branch {
	if c := b.keys[name]; c != nil {
		return c
	}
	for _, p := range b.prefix {
		if strings.HasPrefix(name, p.text) {
			return p.branch
		}
	}
	return b.any
}

// Find returns the row for a pattern as the schemas list leaves, or None. A "{}"
// or "[]" of the schema stands for any key or item.
func (t *Trie) Find(leaf string) (int, error) {
	steps, err := parse(leaf)
	if err != nil {
		return None, err
	}
	b, deep := &t.root, t.root.deep
	for _, s := range steps {
		switch s.kind {
		case stepKey:
			b = b.key(s.text)
		case stepAnyKey:
			b = b.any
		case stepItem:
			b = b.item
		case stepDeep:
			return b.deep, nil
		case stepPrefix:
			return None, fmt.Errorf("leaf %q holds a prefix", leaf)
		}
		if b == nil {
			return deep, nil
		}
		if b.deep != None {
			deep = b.deep
		}
	}
	if b.row != None {
		return b.row, nil
	}
	return deep, nil
}
