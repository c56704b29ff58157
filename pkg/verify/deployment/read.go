package deployment

import (
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
)

// ErrNothing says that an input deploys nothing.
var ErrNothing = errors.New("there is no Application, Kustomization or HelmRelease to verify")

// Read returns the side that the inputs describe. namespace stands in for the namespace
// of objects that name none. It fails on input that is not YAML, on objects of both
// tools, and with ErrNothing.
func Read(inputs []convert.Input, namespace string) (*Side, error) {
	r := reader{namespace: namespace, side: &Side{Objects: cluster.NewObjects()}}
	for _, in := range inputs {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			return nil, err
		}
		for i := range docs {
			if err := r.document(&docs[i], in.Context); err != nil {
				return nil, err
			}
		}
	}
	if r.side.Tool == "" {
		return nil, ErrNothing
	}
	return r.side, nil
}

// A reader fills a side.
type reader struct {
	side      *Side
	namespace string
}

func (r *reader) document(d *document.Doc, context bool) error {
	if d.Empty() {
		return nil
	}
	root, err := d.Parse()
	if err != nil {
		return err
	}
	node.ResolveOldBools(root)
	items := node.Items(root, "items")
	if !strings.HasSuffix(node.Text(root, "kind"), "List") || items == nil {
		items = []*yaml.Node{root}
	}
	for _, item := range items {
		if err := r.object(item, d, context); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) object(root *yaml.Node, d *document.Doc, context bool) error {
	m := member(root, d.File, max(d.Line, root.Line))
	tool := deployedBy(m)
	if m.namespace = m.Namespace; m.namespace == "" {
		m.namespace = r.namespace
	}
	r.side.Objects.Add(&cluster.Object{
		Ref: flux.Ref{Kind: m.Kind, Namespace: m.namespace, Name: m.Name}, Root: root, File: m.File, Line: m.Line,
	})
	if tool == "" || context {
		r.side.Others = append(r.side.Others, m)
		return nil
	}
	if r.side.Tool != "" && r.side.Tool != tool {
		return fmt.Errorf("%s:%d: %s %s is of %s, but the objects before it are of %s: verify one tool's objects against the other's",
			m.File, m.Line, m.Kind, m.Name, tool, r.side.Tool)
	}
	r.side.Tool = tool
	r.side.Appliers = append(r.side.Appliers, m)
	return nil
}

// deployedBy returns the tool that an object makes deploy, or "".
func deployedBy(m *Member) Tool {
	if m.Kind == "Application" && strings.HasPrefix(m.APIVersion, "argoproj.io/") {
		return ArgoCD
	}
	if current, ok := flux.Current(m.APIVersion, m.Kind); ok && flux.IsApplier(current.Kind) {
		return Flux
	}
	return ""
}
