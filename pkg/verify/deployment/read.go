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
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
)

// ErrNothing says that an input deploys nothing.
var ErrNothing = errors.New("there is no Application, Kustomization or HelmRelease to verify")

// Read returns the side that the inputs describe. namespace stands in for the namespace
// of objects that name none. Where the inputs deploy with both tools, the side is that of
// tool, and it is an error that this is "". Read fails on input that is not YAML, and
// with ErrNothing.
func Read(inputs []convert.Input, namespace string, tool Tool) (*Side, error) {
	r := reader{namespace: namespace, side: &Side{Objects: cluster.NewObjects()}, appliers: map[Tool][]*Member{}, generators: map[Tool][]*Member{}}
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
	return r.choose(tool)
}

// choose settles whose side it is.
func (r *reader) choose(tool Tool) (*Side, error) {
	argo, flux := r.appliers[ArgoCD], r.appliers[Flux]
	switch {
	case len(argo)+len(flux) == 0:
		return nil, ErrNothing
	case len(argo) == 0:
		tool = Flux
	case len(flux) == 0:
		tool = ArgoCD
	case tool == "":
		a, f := argo[0], flux[0]
		return nil, fmt.Errorf("%s:%d: %s %s is of Argo CD, and %s:%d: %s %s of Flux: say --to flux or --to argocd",
			a.File, a.Line, a.Kind, a.Name, f.File, f.Line, f.Kind, f.Name)
	}
	r.side.Tool, r.side.Appliers = tool, r.appliers[tool]
	r.side.Others = append(r.side.Others, r.appliers[Other(tool)]...)
	r.side.Generators = r.generators[tool]
	return r.side, nil
}

// A reader fills a side.
type reader struct {
	side     *Side
	appliers map[Tool][]*Member
	// generators are by the tool that deploys what they make.
	generators map[Tool][]*Member
	namespace  string
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
		r.object(item, d, context)
	}
	return nil
}

func (r *reader) object(root *yaml.Node, d *document.Doc, context bool) {
	m := member(root, d.File, max(d.Line, root.Line))
	tool := deployedBy(m)
	if m.namespace = m.Namespace; m.namespace == "" {
		m.namespace = r.namespace
	}
	r.side.Objects.Add(&cluster.Object{
		Ref: flux.Ref{Kind: m.Kind, Namespace: m.namespace, Name: m.Name}, Root: root, File: m.File, Line: m.Line,
	})
	if made := generated(m); made != "" && !context {
		r.generators[made] = append(r.generators[made], m)
	}
	if tool == "" || context {
		r.side.Others = append(r.side.Others, m)
		return
	}
	r.appliers[tool] = append(r.appliers[tool], m)
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

// generated returns the tool that deploys what an object makes of templates, or "".
func generated(m *Member) Tool {
	switch {
	case m.Kind == "ApplicationSet" && strings.HasPrefix(m.APIVersion, "argoproj.io/"):
		return ArgoCD
	case m.Kind == resourceset.Kind && strings.HasPrefix(m.APIVersion, "fluxcd.controlplane.io/"):
		return Flux
	}
	return ""
}
