package appset

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Directories returns those of a checkout that a generator git with directories finds.
func Directories(repo *checkout.Repo, body *yaml.Node) ([]string, error) {
	x := &expansion{trees: map[string]*tree{}}
	t, err := x.tree(repo, "")
	if err != nil {
		return nil, err
	}
	return t.within(node.Items(body, "directories")), nil
}

// DirectoryParameters returns the parameters that a generator git of the ApplicationSet at
// root gives for a directory, as JSON has them.
func DirectoryParameters(root, body *yaml.Node, dir string) (map[string]any, error) {
	x := &expansion{root: root, engine: newEngine(root, nil)}
	set := params{}
	x.place(set, body, dir, "")
	set, err := x.withValues(set, body)
	if err != nil {
		return nil, err
	}
	return plainSet(set)
}
