package convert

import (
	"errors"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// members returns the objects that a document holds: the items of a list, or what a
// static ResourceSet makes. ok is false for an object of its own.
func (o *Options) members(root *yaml.Node) (members []*yaml.Node, ok bool) {
	switch {
	case isList(node.Text(root, "kind")):
		return node.Items(root, "items"), true
	case resourceset.Is(root):
		made, err := resourceset.Expand(root, o.Namespace)
		return made, err == nil
	}
	return nil, false
}

// backSet converts what a ResourceSet makes. One that needs its operator passes.
func (c *compiler) backSet(j *job, root *yaml.Node) {
	made, err := resourceset.Expand(root, c.options.Namespace)
	if dynamic := (*resourceset.Dynamic)(nil); errors.As(err, &dynamic) {
		j.note(&yaml.Node{Line: dynamic.Line}, j.out.Object, dynamic.Path, "resource-set-dynamic",
			"passes untouched, as it needs flux-operator: "+dynamic.Msg)
		j.pass()
		return
	}
	j.comment = takeHeadComment(root)
	j.units = append(j.units, &resourceset.Unit{Root: root, File: j.doc.File, Made: len(made)})
	c.backList(j, made)
}
