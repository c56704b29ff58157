package object

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Registry gives every object its name and lets equal sources be one object. It
// is fed in input order, so names depend on the input alone.
type Registry struct {
	// Holds tells how a name stands that nobody has been given; nil where all are free.
	Holds  func(o *Object, name string) Standing
	shared map[string]*Object
	owners map[string]string // kind, namespace and name to owner
}

// A Standing is what the input holds of a name.
type Standing int

// Free names are held by nothing, Same ones by an object that stands for the one to be
// named, Taken ones by another.
const (
	Free Standing = iota
	Same
	Taken
)

// NewRegistry returns an empty Registry.
func NewRegistry() *Registry {
	return &Registry{shared: map[string]*Object{}, owners: map[string]string{}}
}

// Place names o. It returns false where an earlier object of the same key stands
// for o, which then is not written.
func (r *Registry) Place(o *Object) bool {
	if o.Shared {
		key := Fingerprint(o)
		if o.Restored {
			key += "\x00" + o.name.Value // it had a name of its own
		}
		if same := r.shared[key]; same != nil {
			o.MergeInto(same)
			return false
		}
		r.shared[key] = light(o)
		o.Owner = key
	}
	name := r.choose(o)
	held := r.holds(o, name) == Same
	if name != o.name.Value {
		o.Rename(name)
		if o.Shared {
			r.shared[o.Owner].Rename(name)
		}
	}
	if held {
		o.MergeInto(light(o))
	}
	return !held
}

func (r *Registry) holds(o *Object, name string) Standing {
	if r.Holds == nil {
		return Free
	}
	return r.Holds(o, name)
}

// light keeps what later objects need of a shared one, and lets its tree go.
func light(o *Object) *Object {
	return New(o.Kind, o.Namespace(), o.name.Value)
}

// choose returns the first of the wanted names that is free or o's own.
func (r *Registry) choose(o *Object) string {
	names := o.Names
	if len(names) == 0 {
		names = []string{o.name.Value}
	}
	names = append(names, Fit(names[0], MaxName-9)+"-"+Hash(o.Owner))
	for _, name := range names {
		if r.claim(o, name) {
			return name
		}
	}
	return names[len(names)-1]
}

func (r *Registry) claim(o *Object, name string) bool {
	at := place(o, name)
	owner, taken := r.owners[at]
	if taken && owner != o.Owner || !taken && r.holds(o, name) == Taken {
		return false
	}
	r.owners[at] = o.Owner
	return true
}

// Stands tells how the name of an object stands that another than the compiler will write.
func (r *Registry) Stands(o *Object) Standing {
	if owner, taken := r.owners[place(o, o.name.Value)]; taken && owner != o.Owner {
		return Taken
	}
	return r.holds(o, o.name.Value)
}

// Claim takes the name for such an object, so that nobody else is given it.
func (r *Registry) Claim(o *Object) { r.owners[place(o, o.name.Value)] = o.Owner }

func place(o *Object, name string) string {
	return o.Kind.APIVersion + "/" + o.Kind.Name + "/" + o.Namespace() + "/" + name
}

// Forget takes back that o was placed, which then is not written.
func (r *Registry) Forget(o *Object) {
	delete(r.shared, o.Owner)
	delete(r.owners, place(o, o.name.Value))
}

// Fingerprint tells what a source is apart from its name: kind, namespace, labels
// and the whole spec.
func Fingerprint(o *Object) string {
	var b strings.Builder
	b.WriteString(o.Kind.Name + "\x00" + o.Namespace())
	if o.Kind == Namespace {
		b.WriteString("\x00" + o.name.Value)
		write(&b, node.At(o.Root, "metadata", "labels"))
		write(&b, node.At(o.Root, "metadata", "annotations"))
	}
	write(&b, o.Get("spec"))
	return b.String()
}

func fingerprint(n *yaml.Node) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

func write(b *strings.Builder, n *yaml.Node) {
	if n == nil {
		return
	}
	b.WriteByte('\x01' + byte(n.Kind))
	b.WriteString(n.Value)
	for _, child := range n.Content {
		b.WriteByte('\x00')
		write(b, child)
	}
	b.WriteByte('\x7f')
}
