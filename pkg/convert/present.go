package convert

import (
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// present are the objects of the input of kinds that the conversion writes and does not
// read, so that they pass: by API group, kind, namespace and name.
type present map[ledger.Object]*standing

// A standing object is there already.
type standing struct {
	file string
	line int
	// print is the fingerprint of all but its name.
	print string
	// metadata are the labels and annotations of a Namespace.
	metadata *yaml.Node
}

// where tells where it stands; items of a ResourceList need not be of a file.
func (s *standing) where() string {
	if s.file == "" {
		return ""
	}
	return fmt.Sprintf(" at %s:%d", s.file, s.line)
}

// besideFlux are the kinds that are written beside those of Flux.
var besideFlux = []string{"Namespace", "ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"}

// stands tells whether an object may be one that the conversion writes and does not read.
func (c *compiler) stands(apiVersion, kind string) bool {
	if c.options.To == ToArgo {
		return kind == "ConfigMap" || kind == "Secret" || isArgo(apiVersion)
	}
	return flux.Ours(apiVersion) || slices.Contains(besideFlux, kind)
}

// lookForPresent finds what the input holds already; only where there is anything to
// convert.
func (c *compiler) lookForPresent(streams []stream) {
	c.present = present{}
	if c.options.plain || c.options.ExpandOnly || !slices.ContainsFunc(streams, c.hasWork) {
		return
	}
	interesting := func(d *document.Doc) bool {
		head := d.Peek()
		return !head.OK || isList(head.Kind) || c.stands(head.APIVersion, head.Kind)
	}
	outputs := slices.DeleteFunc(slices.Clone(streams), func(s stream) bool { return s.Context })
	eachObject(outputs, interesting, func(at site, root *yaml.Node) {
		o := objectOf(root)
		if !c.stands(o.APIVersion, o.Kind) || c.present[identity(o)] != nil {
			return
		}
		s := &standing{file: at.doc.File, line: root.Line, print: printOf(root)}
		if o.Kind == "Namespace" {
			s.metadata = node.Clone(node.Get(root, "metadata"))
		}
		c.present[identity(o)] = s
	})
}

// hasWork tells whether a stream may hold something to convert.
func (c *compiler) hasWork(s stream) bool {
	word := string(argoGroup)
	if c.options.To == ToArgo {
		word = string(fluxGroup)
	}
	return slices.ContainsFunc(s.docs, func(d document.Doc) bool { return mentions(word)(&d) })
}

func identity(o ledger.Object) ledger.Object {
	o.APIVersion = flux.Group(o.APIVersion)
	return o
}

// printOf is the fingerprint of what a person wrote of an object, but for its name.
func printOf(root *yaml.Node) string {
	desired := preserve.Desired(root)
	if object, ok := desired.(map[string]any); ok {
		if metadata, ok := object["metadata"].(map[string]any); ok {
			delete(metadata, "name")
		}
	}
	return preserve.Fingerprint(desired)
}

// holds tells how a name stands, as object.Registry asks.
func (p present) holds(o *object.Object, name string) object.Standing {
	ref := o.Ref()
	ref.Name = name
	switch s := p[identity(ref)]; {
	case s == nil:
		return object.Free
	case o.Kind == object.Namespace || s.print == printOf(o.Root):
		return object.Same
	}
	return object.Taken
}

// namespace tells whether the input holds the Namespace of a name.
func (p present) namespace(name string) bool {
	return p[identity(ledger.Object{APIVersion: object.Namespace.APIVersion, Kind: object.Namespace.Name, Name: name})] != nil
}

// fixed tells whether an object can have no other name: it is the deployment, or others
// find it by its name.
func (c *compiler) fixed(o *object.Object) bool {
	return c.survey != nil && o.Kind != secret.Kind || deploys(o.Kind.Name) || o.Kind.Name == "ResourceSet"
}

// clash refuses to write a second object of a name that is fixed: whichever is applied last
// would undo the other.
func (c *compiler) clash(j *job, o *object.Object) error {
	if !c.fixed(o) || c.present.holds(o, o.Name()) != object.Taken {
		return nil
	}
	from, to := j.subject(), o.Ref()
	return fmt.Errorf("%s:%d: %s %s would become the %s %s/%s, which the input holds with other content%s: leave one of them out, or rename one",
		j.doc.File, j.doc.Line, from.Kind, from.Name, to.Kind, to.Namespace, to.Name, c.present[identity(to)].where())
}

// lost takes out of the entries what a Namespace should have got, where that of the input
// stands for it and lacks it.
func (p present) lost(entries []ledger.Entry, objects []*object.Object) {
	for _, o := range objects {
		s := p[identity(o.Ref())]
		if s == nil || o.Kind != object.Namespace {
			continue
		}
		for i := range entries {
			if !slices.ContainsFunc(entries[i].To, func(to ledger.To) bool { return to.Object == o.Ref() && s.lacks(o, to.Path) }) {
				continue
			}
			entries[i].ID, entries[i].Fidelity, entries[i].To = "namespace-present", ledger.Unsupported, []ledger.To{}
			entries[i].Note = "the input holds this Namespace" + s.where() + ", and it passes without what Argo CD would set: write it there"
		}
	}
}

// lacks tells whether a path is a label or an annotation of o that the Namespace has not.
func (s *standing) lacks(o *object.Object, path string) bool {
	for _, group := range []string{"labels", "annotations"} {
		wanted := node.At(o.Root, "metadata", group)
		for i := 0; wanted != nil && i+1 < len(wanted.Content); i += 2 {
			key := wanted.Content[i].Value
			if path == ledger.Key("metadata."+group, key) {
				return node.Text(s.metadata, group, key) != wanted.Content[i+1].Value
			}
		}
	}
	return false
}
