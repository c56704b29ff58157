// Package deployment reads what one tool was told to deploy, and finds for each
// deployment of one side the one of the other side that takes its place.
package deployment

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
)

// A Tool is the one that deploys.
type Tool string

// The tools.
const (
	ArgoCD Tool = "argocd"
	Flux   Tool = "flux"
)

// String returns the name as people write it.
func (t Tool) String() string {
	if t == ArgoCD {
		return "Argo CD"
	}
	return "Flux"
}

// A Member is an object of the input.
type Member struct {
	ledger.Object
	Root *yaml.Node
	// File and Line are where the object begins; lines count from 1.
	File string
	Line int
	// namespace is that of the object, or what stands in for it.
	namespace string
}

// App returns the Application that the member is.
func (m *Member) App() *argocd.App { return argocd.Read(m.Root) }

// Applier returns the Kustomization or HelmRelease that the member is.
func (m *Member) Applier() *flux.Applier { return flux.ReadApplier(m.Root, m.namespace) }

// A Side is what one tool was given.
type Side struct {
	Tool Tool
	// Appliers are the Applications, or the Kustomizations and HelmReleases, in input order.
	Appliers []*Member
	// Others are all other objects: sources, Namespaces, projects, and what is of the
	// other tool.
	Others []*Member
	// Generators are those of the others that make appliers of templates.
	Generators []*Member
	// Objects finds any of the objects by reference.
	Objects *cluster.Objects
}

// A Deployment is what the objects of one side deploy together: one Application, or the
// Kustomizations and HelmReleases that stand for its sources.
type Deployment struct {
	Side *Side
	// Appliers are at least one, in input order.
	Appliers []*Member
}

// Source returns the source object of a Kustomization or HelmRelease, and the HelmChart
// between where there is one; nil for what the input lacks.
func (s *Side) Source(m *Member) (src, chart *cluster.Object) {
	src, _ = s.Objects.Find(m.Applier().Source(), m.File)
	if src == nil || src.Kind != flux.HelmChart.Name {
		return src, nil
	}
	chart = src
	src, _ = s.Objects.Find(flux.ChartSource(chart.Root, chart.Ref), chart.File)
	return src, chart
}

// Objects are the appliers and the sources that they name, each once.
func (d *Deployment) Objects() []*Member {
	objects := slices.Clone(d.Appliers)
	if d.Side.Tool == ArgoCD {
		return objects
	}
	for _, m := range d.Appliers {
		src, chart := d.Side.Source(m)
		for _, o := range []*cluster.Object{chart, src} {
			if o != nil && !slices.ContainsFunc(objects, func(m *Member) bool { return m.Root == o.Root }) {
				objects = append(objects, member(o.Root, o.File, o.Line))
			}
		}
	}
	return objects
}

func member(root *yaml.Node, file string, line int) *Member {
	return &Member{Root: root, File: file, Line: line, Object: ledger.Object{
		APIVersion: node.Text(root, "apiVersion"), Kind: node.Text(root, "kind"),
		Namespace: node.Text(root, "metadata", "namespace"), Name: node.Text(root, "metadata", "name"),
	}}
}

// Other returns the other tool.
func Other(t Tool) Tool {
	if t == ArgoCD {
		return Flux
	}
	return ArgoCD
}

// None returns a side of a tool that was given nothing.
func None(t Tool) *Side { return &Side{Tool: t, Objects: cluster.NewObjects()} }
