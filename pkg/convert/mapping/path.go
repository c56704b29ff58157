package mapping

import (
	"path"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

func pathRows() []Row {
	return []Row{
		{
			ID: "path", Argo: []string{"source.path", "spec.sourceHydrator.syncSource.path"},
			Back: backPath, BackAlways: true,
			Flux: []string{
				"Kustomization:spec.path", "HelmRelease:spec.chart.spec.reconcileStrategy",
			},
			Writes:  []string{"HelmRelease:spec.chart.spec.chart", "ArtifactGenerator:spec.artifacts[].copy[].from", "Application:source.directory.recurse", "Application:source.directory.exclude"},
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "a path without a kustomization file becomes directory.recurse: true"},
			Forward: forwardPath, Always: true,
		},
		{
			ID: "source-ref", Back: backSourceRef, BackSource: spendSourceRef,
			Flux: append(append(both("spec.sourceRef.kind"), both("spec.sourceRef.name")...),
				"HelmRelease:spec.chart.spec.sourceRef.kind", "HelmRelease:spec.chart.spec.sourceRef.name",
				"HelmRelease:spec.chartRef.kind", "HelmRelease:spec.chartRef.name",
				"HelmChart:spec.sourceRef.kind", "HelmChart:spec.sourceRef.name",
				"OCIRepository:spec.layerSelector.mediaType", "OCIRepository:spec.layerSelector.operation"),
			ToArgo:  Promise{Fidelity: ledger.Exact, Note: "joined with the source"},
			Forward: forwardSourceRef, Always: true, PerSource: true,
		},
		{
			ID: "ref", Argo: []string{"source.ref"},
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "resolved in the value files that use it", Implied: true},
			Forward: func(c *Cell) { c.keep() },
		},
	}
}

func forwardPath(c *Cell) {
	p, s := c.part, c.part.Source
	switch {
	case p.Work == nil:
		c.say(unsupported("not deployed"))
	case strings.HasPrefix(s.Path, "/") || strings.HasPrefix(s.Path, ".."):
		if p.kustomization() != nil {
			c.set(p.Work, "spec.path", node.String(fluxPath(s)))
		}
		c.say(blocking("an absolute path, or one outside of the repository: Argo CD refuses it").as("path-outside"))
	case p.kustomization() != nil:
		to := c.set(p.Work, "spec.path", node.String(p.workPath()))
		switch {
		case p.onlyChildren():
			c.about(s.At+".path", approximate("where the converted children will be", to).as("app-of-apps-tree"))
		case s.Dir() == "":
			c.about(s.At+".path", equivalent("the root of the artifact", to))
		case s.Path != s.Dir():
			c.say(equivalent("the same directory", to))
		default:
			c.keep(to)
		}
	case len(c.leaves) == 0:
	case s.Origin == argocd.Git && p.composed():
		c.keep(Target{Object: p.generator(), Path: "spec.artifacts[0].copy[0].from"})
	case s.Origin == argocd.Git:
		c.chartPath()
	case s.Origin == argocd.OCI && s.Dir() != "":
		c.say(blocking("a chart in a directory of an OCI artifact: Flux takes the artifact's root").as("oci-chart-path"))
	case s.Origin == argocd.OCI:
		c.say(implied("the root of the artifact"))
	default:
		c.say(implied("Argo CD takes the chart, not the path"))
	}
}

func fluxPath(s *argocd.Source) string { return "./" + s.Dir() }

// chartPath follows every commit, as Argo CD does; source-controller then appends
// the commit to the chart's version (source-controller docs, HelmChart).
func (c *Cell) chartPath() {
	p := c.part
	to := c.set(p.Work, "spec.chart.spec.chart", node.String(fluxPath(p.Source)))
	strategy := c.set(p.Work, "spec.chart.spec.reconcileStrategy", node.String("Revision"))
	c.say(approximate("follows every commit; the chart's version then carries the commit, which shows in labels such as helm.sh/chart", to, strategy).as("chart-in-git"))
}

// helmLayer is the media type of a chart's content in a registry.
const helmLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"

// forwardSourceRef ties the workload to its source.
func forwardSourceRef(c *Cell) {
	p := c.part
	switch {
	case p.Work == nil:
	case p.kustomization() != nil:
		c.refer(p.Work, "spec.sourceRef", p.Origin)
	case p.composed():
		c.composedRef()
	case p.Origin.Kind == flux.OCIRepository:
		c.layer("copy")
		c.refer(p.Work, "spec.chartRef", p.Origin)
	default:
		c.refer(p.Work, "spec.chart.spec.sourceRef", p.Origin)
	}
}

func (c *Cell) refer(from *object.Object, path string, to *object.Object) {
	c.set(from, path+".kind", node.String(to.Kind.Name))
	c.set(from, path+".name", to.NameNode())
}

func (c *Cell) layer(operation string) {
	c.set(c.part.Origin, "spec.layerSelector.mediaType", node.String(helmLayer))
	c.set(c.part.Origin, "spec.layerSelector.operation", node.String(operation))
}

func (c *Cell) composedRef() {
	p := c.part
	switch p.Origin.Kind {
	case flux.HelmRepository:
		c.refer(p.chart(), "spec.sourceRef", p.Origin)
	case flux.OCIRepository:
		c.layer("extract")
	}
	c.set(p.Work, "spec.chartRef.kind", node.String("ExternalArtifact"))
	c.set(p.Work, "spec.chartRef.name", p.generator().NameNode())
}

// generator returns the ArtifactGenerator that composes the part's chart, or nil.
func (p *Part) generator() *object.Object {
	for _, o := range p.Extra {
		if o.Kind == flux.ArtifactGenerator {
			return o
		}
	}
	return nil
}

// composed tells whether an ArtifactGenerator puts the chart together.
func (p *Part) composed() bool { return p.generator() != nil }

// chartDir is the directory of the chart inside a composed artifact.
func chartDir(s *argocd.Source) string {
	if s.Chart != "" {
		return path.Base(s.Chart)
	}
	return path.Base("/" + s.Dir())
}
