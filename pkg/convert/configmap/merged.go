// Package configmap merges keys into ConfigMaps of the input.
package configmap

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A Merged is a ConfigMap of the input, and what is added to it: it takes the place of the
// one of the input, unless nothing is.
type Merged struct {
	root   *yaml.Node
	file   string
	id     string
	object *object.Object
	added  bool
}

// NewMerged returns the ConfigMap at root of a file, as it is. Its ledger entries have the ID.
func NewMerged(root *yaml.Node, file, id string) *Merged {
	own := node.Clone(root)
	if len(own.Content) > 0 {
		own.HeadComment, own.Content[0].HeadComment = "", "" // stands above the document
	}
	return &Merged{root: root, file: file, id: id, object: object.From(own)}
}

// Object is the ConfigMap as it will be written.
func (m *Merged) Object() *object.Object { return m.object }

// Text is what it has at a key by now, or "".
func (m *Merged) Text(key string) string { return node.Text(m.object.Root, "data", key) }

// Put writes a key.
func (m *Merged) Put(key, text string) {
	if m.Text(key) != text {
		m.object.Set(node.String(text), "data", key)
		m.added = true
	}
}

// Added tells whether there is anything to merge.
func (m *Merged) Added() bool { return m.added }

// Inputs returns what the unit was read from.
func (m *Merged) Inputs() []*yaml.Node { return []*yaml.Node{m.root} }

// Objects returns the ConfigMap.
func (m *Merged) Objects() []*object.Object { return []*object.Object{m.object} }

// Entries returns one entry for each leaf of the ConfigMap: all stay.
func (m *Merged) Entries() (entries []ledger.Entry) {
	o := m.object.Ref()
	for _, leaf := range table.NewTrie().Walk(m.root, nil) {
		e := ledger.Entry{
			ID: m.id, Fidelity: ledger.Exact, To: []ledger.To{{Object: o, Path: leaf.Path}},
			From: ledger.From{Object: o, Path: leaf.Path, File: m.file, Line: leaf.Line()},
		}
		if leaf.Path == "apiVersion" || leaf.Path == "kind" {
			e.Fidelity, e.To, e.Note = ledger.Equivalent, []ledger.To{}, "it is a ConfigMap still"
		}
		entries = append(entries, e)
	}
	return entries
}
