package convert

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// members returns the objects that a document holds, or nil for one of its own.
func members(root *yaml.Node) []*yaml.Node {
	if isList(node.Text(root, "kind")) {
		return node.Items(root, "items")
	}
	return nil
}
