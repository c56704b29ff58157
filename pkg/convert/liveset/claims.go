package liveset

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// Made are the objects that the ResourceSet makes, as far as anybody can tell: not those of
// which a provider gives the name, and none that the operator does not delete, which may
// be another's, too.
func (u *Unit) Made() (made []*object.Object) {
	set := u.resourceSet()
	all := node.Items(set.Root, "spec", "resources")
	if !u.Set.Live() {
		if expanded, err := resourceset.Expand(set.Root, set.Namespace()); err == nil {
			all = expanded
		}
	}
	for _, root := range all {
		o := object.From(node.Clone(root))
		if o.Get("metadata", "annotations", pruneKey) == nil && !strings.Contains(o.Namespace()+o.Name(), opening) {
			o.Owner = set.Owner
			made = append(made, o)
		}
	}
	return made
}

func refOf(root *yaml.Node) ledger.Object {
	return ledger.Object{
		APIVersion: node.Text(root, "apiVersion"), Kind: node.Text(root, "kind"),
		Namespace: node.Text(root, "metadata", "namespace"), Name: node.Text(root, "metadata", "name"),
	}
}
