package policy

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// A unit is what has one policy: a source of an Application, or a Kustomization or
// HelmRelease.
type unit struct {
	*deployment.Member
	of *deployment.Deployment
	// label tells what is deployed: the repository and the path or chart.
	label string

	// app and source are set for Argo CD.
	app    *argocd.App
	source *argocd.Source

	// applier is set for Flux; origin is its repository and chart the HelmChart between,
	// nil for what the input lacks.
	applier       *flux.Applier
	origin, chart *cluster.Object
}

func unitsOf(d *deployment.Deployment) (units []*unit) {
	for _, m := range d.Appliers {
		if d.Side.Tool == deployment.ArgoCD {
			units = append(units, appUnits(d, m)...)
		} else {
			units = append(units, applierUnit(d, m))
		}
	}
	return units
}

// appUnits are the sources that deploy; an Application without any is one unit, so that
// it has all rows.
func appUnits(d *deployment.Deployment, m *deployment.Member) (units []*unit) {
	app := m.App()
	for _, s := range app.Sources {
		if s.Renders() {
			what := s.Dir()
			if s.Chart != "" && s.Origin != argocd.OCI {
				what = s.Chart
			}
			units = append(units, &unit{Member: m, of: d, app: app, source: s, label: labelOf(s.URL(), what)})
		}
	}
	if len(units) == 0 {
		units = []*unit{{Member: m, of: d, app: app, source: &argocd.Source{Node: node.Map(), At: "spec.source", Index: -1}}}
	}
	return units
}

func applierUnit(d *deployment.Deployment, m *deployment.Member) *unit {
	u := &unit{Member: m, of: d, applier: m.Applier()}
	u.origin, u.chart = d.Side.Source(m)
	if u.origin == nil && u.applier.Source().Kind == flux.ExternalArtifact.Name {
		u.composed()
	}
	if u.origin != nil {
		u.label = labelOf(node.Text(u.origin.Root, "spec", "url"), u.deploys())
	}
	return u
}

// composed follows an artifact that a generator puts together to the chart's source.
func (u *unit) composed() {
	objects := u.of.Side.Objects
	for _, g := range objects.Kind(flux.ArtifactGenerator.Name) {
		c, ok := flux.ReadComposition(g.Root, g.Namespace)
		if !ok || !slices.Contains(flux.Artifacts(g.Root), u.applier.Source().Name) {
			continue
		}
		u.origin, _ = objects.Find(c.Chart, g.File)
		if u.origin != nil && u.origin.Kind == flux.HelmChart.Name {
			u.chart = u.origin
			u.origin, _ = objects.Find(flux.ChartSource(u.chart.Root, u.chart.Ref), u.chart.File)
		}
		return
	}
}

// deploys is the path or the chart that the unit takes of its source.
func (u *unit) deploys() string {
	if !u.applier.Release() {
		return u.applier.Path()
	}
	return node.Text(u.chartSpec(), "chart")
}

// chartSpec holds the fields of HelmChartSpec, wherever they are.
func (u *unit) chartSpec() *yaml.Node {
	if u.chart != nil {
		return node.Get(u.chart.Root, "spec")
	}
	return u.applier.Spec("chart", "spec")
}

// labelOf brings the two ways to write a place into one: for charts of registries Flux
// has one URL, Argo CD the registry and the chart.
func labelOf(url, what string) string {
	place := strings.TrimRight(checkout.Normal(url), "/") + "/" + strings.Trim(path.Clean("/"+strings.ToLower(what)), "/")
	return strings.TrimRight(place, "/")
}

func (u *unit) spec(keys ...string) *yaml.Node { return node.At(node.Get(u.Root, "spec"), keys...) }

func (u *unit) name() string {
	if u.source != nil && u.source.Index >= 0 {
		return u.Name + " " + u.source.At
	}
	return u.Kind + " " + u.Name
}

// where is a field of the unit's object, set or not.
func (u *unit) where(path string) Where {
	return Where{File: u.File, Line: ledger.Line(u.Root, path, u.Line), Object: u.Object, Path: path}
}

// says makes an aspect that the field at path decides.
func (u *unit) says(path, key, does, night string) aspect {
	return aspect{key: key, does: does, night: night, where: u.where(path)}
}

// of another object of the side.
func elsewhere(o *cluster.Object, path string) Where {
	return Where{
		File: o.File, Line: ledger.Line(o.Root, path, o.Line), Path: path,
		Object: ledger.Object{
			APIVersion: node.Text(o.Root, "apiVersion"), Kind: o.Kind, Namespace: o.Namespace, Name: o.Name,
		},
	}
}
