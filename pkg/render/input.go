package render

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// input takes up the objects of a stream.
func (r *Run) input(in Input) {
	docs, err := document.Split(in.Name, in.Data)
	if err != nil {
		r.apps = append(r.apps, &manifest.App{File: in.Name, Line: 1, Err: err})
		return
	}
	for i := range docs {
		r.document(&docs[i], in.Context)
	}
}

// document takes up the objects of a document. What nobody refers to is not parsed.
func (r *Run) document(d *document.Doc, context bool) {
	head := d.Peek()
	if d.Empty() || head.OK && !wanted(head.APIVersion, head.Kind) {
		return
	}
	root, err := d.Parse()
	if err != nil {
		r.apps = append(r.apps, &manifest.App{File: d.File, Line: d.Line, Err: err})
		return
	}
	node.ResolveOldBools(root)
	items := node.Items(root, "items")
	if !strings.HasSuffix(node.Text(root, "kind"), "List") || items == nil {
		items = []*yaml.Node{root}
	}
	for _, item := range items {
		r.object(d, item, context)
	}
}

// wanted tells whether an object is rendered, or others may refer to it.
func wanted(apiVersion, kind string) bool {
	switch kind {
	case "ConfigMap", "Secret":
		return true
	}
	return strings.HasPrefix(apiVersion, "argoproj.io/") || flux.Ours(apiVersion) || strings.HasSuffix(kind, "List")
}

func (r *Run) object(d *document.Doc, root *yaml.Node, context bool) {
	o := &cluster.Object{Ref: flux.ObjectRef(root, r.env.Namespace), Root: root, File: d.File, Line: max(d.Line, root.Line)}
	id := ledger.Object{APIVersion: node.Text(root, "apiVersion"), Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
	r.take(o, id, context)
}
