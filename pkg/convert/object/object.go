// Package object builds Kubernetes objects: their fields in a stable order, how they
// are named and how one refers to another.
package object

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Kind is a Kubernetes kind that the compiler writes.
type Kind struct{ APIVersion, Name string }

// Kinds of the core API.
var (
	Namespace = Kind{"v1", "Namespace"}
	ConfigMap = Kind{"v1", "ConfigMap"}
)

// An Object is a Kubernetes object under construction. Its name may be decided
// late: Rename changes it in every reference that RefTo handed out.
type Object struct {
	Kind Kind
	Root *yaml.Node
	// Restored objects are as they were before an earlier conversion.
	Restored bool
	// Shared objects of equal content are one object, see Registry.
	Shared bool
	// Owner tells whose object this is: two owners never share a name.
	Owner string
	// Names are the names to try, the best first.
	Names   []string
	name    *yaml.Node
	refs    []*yaml.Node
	marks   []mark
	patches []*Patch
	merged  *Object
}

// A mark is a comment that names the object.
type mark struct {
	node *yaml.Node
	text func(name string) string
}

// New returns an object of the kind with a name, and a namespace unless empty.
func New(k Kind, namespace, name string) *Object {
	n := node.String(name)
	meta := node.Map("name", n)
	if namespace != "" {
		meta.Content = append(meta.Content, node.String("namespace"), node.String(namespace))
	}
	return &Object{
		Kind: k, name: n,
		Root: node.Map("apiVersion", k.APIVersion, "kind", k.Name, "metadata", meta),
	}
}

// Name returns the object's name as of now.
func (o *Object) Name() string { return o.final().name.Value }

// Namespace returns the object's namespace, or "".
func (o *Object) Namespace() string { return node.Text(o.Root, "metadata", "namespace") }

// Ref returns the object as ledger entries name it.
func (o *Object) Ref() ledger.Object {
	return ledger.Object{
		APIVersion: o.Kind.APIVersion, Kind: o.Kind.Name,
		Namespace: o.Namespace(), Name: o.Name(),
	}
}

// Rename changes the name and every reference to it.
func (o *Object) Rename(name string) {
	o.name.Value = name
	for _, ref := range o.refs {
		ref.Value = name
	}
	for _, m := range o.marks {
		m.node.LineComment = m.text(name)
	}
}

// Mark puts a comment behind n that follows the object's name.
func (o *Object) Mark(n *yaml.Node, text func(name string) string) {
	o.marks = append(o.marks, mark{n, text})
	n.LineComment = text(o.name.Value)
}

// From returns the object that root is.
func From(root *yaml.Node) *Object {
	o := &Object{Root: root, name: node.At(root, "metadata", "name")}
	o.Renamed()
	return o
}

// Renamed takes over name and kind from the tree, which somebody has changed.
func (o *Object) Renamed() {
	o.Kind = Kind{node.Text(o.Root, "apiVersion"), node.Text(o.Root, "kind")}
	o.Names = []string{o.name.Value}
	o.Restored = true
	o.Rename(o.name.Value)
}

// MergeInto makes same, which came earlier, stand for o.
func (o *Object) MergeInto(same *Object) {
	o.Rename(same.Name())
	o.merged = same
}

// Merged tells whether another object stands for o.
func (o *Object) Merged() bool { return o.merged != nil }

func (o *Object) final() *Object {
	for o.merged != nil {
		o = o.merged
	}
	return o
}

// NameNode returns a scalar that follows the object's name.
func (o *Object) NameNode() *yaml.Node {
	ref := node.String(o.name.Value)
	o.refs = append(o.refs, ref)
	return ref
}

// Set writes value at the path of keys, creating maps in alphabetical order.
func (o *Object) Set(value *yaml.Node, keys ...string) {
	m := o.Root
	for _, key := range keys[:len(keys)-1] {
		child := node.Get(m, key)
		if child == nil {
			child = node.Map()
			put(m, key, child, o.Root)
		}
		m = child
	}
	put(m, keys[len(keys)-1], value, o.Root)
}

// put keeps apiVersion, kind, metadata, spec and name, namespace first; the rest is
// alphabetical.
func put(m *yaml.Node, key string, value, root *yaml.Node) {
	if m == root || m == node.Get(root, "metadata") {
		if node.Get(m, key) == nil {
			m.Content = append(m.Content, node.String(key), value)
			return
		}
	}
	node.Put(m, key, value)
}

// Append adds items to the list at the path of keys and returns the index of the
// first.
func (o *Object) Append(items []*yaml.Node, keys ...string) int {
	list := node.At(o.Root, keys...)
	if list == nil {
		list = node.List()
		o.Set(list, keys...)
	}
	first := len(list.Content)
	list.Content = append(list.Content, items...)
	return first
}

// Get returns the node at the path of keys, or nil.
func (o *Object) Get(keys ...string) *yaml.Node { return node.At(o.Root, keys...) }

// Bare returns a copy of o under another name, without its patches.
func (o *Object) Bare(name string) *Object {
	c := &Object{Kind: o.Kind, Root: node.Clone(o.Root)}
	c.name = node.At(c.Root, "metadata", "name")
	c.name.Value = name
	return c
}

// Clone returns a copy of o under another name, with the patches collected so far.
// References in the copy do not follow later renames.
func (o *Object) Clone(name string) *Object {
	c := o.Bare(name)
	for _, p := range o.patches {
		c.AddPatchItem(p.rank, node.Clone(p.item))
	}
	return c
}
