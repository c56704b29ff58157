package appset

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Filled returns an item of generators of the ApplicationSet at root as the set of
// parameters of an element, which a list of the same matrix gives before it, fills it in.
func Filled(root, item, element *yaml.Node, w World) (*yaml.Node, error) {
	x := &expansion{root: root, world: &w}
	x.engine = newEngine(root, w.Functions)
	sets, err := x.list(node.Map("elements", node.List(element)))
	if err != nil {
		return nil, err
	}
	return x.interpolate(item, sets[0])
}
