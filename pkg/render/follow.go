package render

import (
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// follow takes up what an app deploys as if it were input: apps to render, and objects
// that these refer to. What the input has already, such as the Kustomization of a
// bootstrap that deploys itself, stays as it is there.
func (r *Run) follow(app *manifest.App) error {
	for i := range app.Objects {
		o := &app.Objects[i]
		id := o.ID()
		ref := flux.Ref{Kind: id.Kind, Namespace: id.Namespace, Name: id.Name}
		if !wanted(id.APIVersion, id.Kind) || r.env.Objects.Has(ref) {
			continue
		}
		root, err := tree(o)
		if err != nil {
			return fmt.Errorf("%s %s: %w", id.Kind, id.Name, err)
		}
		r.take(&cluster.Object{Ref: ref, Root: root, File: app.File, Line: app.Line}, id, false)
	}
	return nil
}

// tree returns an object as a tree, whose lines are unknown.
func tree(o *manifest.Object) (*yaml.Node, error) {
	data, err := manifest.Encode(o.Object)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	forgetLines(root)
	return root, nil
}

func forgetLines(n *yaml.Node) {
	n.Line = 0
	for _, child := range n.Content {
		forgetLines(child)
	}
}

// take makes an object known, and an app of what is to be rendered.
func (r *Run) take(o *cluster.Object, id ledger.Object, context bool) {
	r.env.Objects.Add(o)
	if !context && renderer(id) != nil {
		r.apps = append(r.apps, &manifest.App{Object: id, Root: o.Root, File: o.File, Line: o.Line})
	}
}
