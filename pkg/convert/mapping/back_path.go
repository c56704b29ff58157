package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backPath writes the directory of a Kustomization. Flux builds a kustomization file
// where there is one and else reads the whole tree; Argo CD decides alike, but reads
// the top of a tree only unless told (fluxcd/pkg kustomize/kustomize_generator.go;
// reposerver/repository/repository.go).
func backPath(c *BackCell) {
	if c.unit.Applier.Release() {
		c.strategy()
		return
	}
	to := []Target{c.set("source.path", node.String(c.unit.path()))}
	switch {
	case c.unit.renderer == argocd.Kustomize:
		c.about("spec.path", equivalent("the same directory, which holds a kustomization file", to...))
	case c.unit.renderer == argocd.Directory:
		c.about("spec.path", equivalent("a directory without a kustomization file: with recurse Argo CD reads the whole tree, as Flux does", append(to, c.tree()...)...))
	case c.unit.repo != nil:
		c.about("spec.path", approximate("the path is not in the checkout: is it of the right revision?", to...).as("source-type"))
	default:
		c.about("spec.path", approximate("repository not inspected: right for a path with a kustomization file; of a plain tree Argo CD reads the top only, and Flux objects that lie there would be applied as such. Pass --source", to...).as("source-type"))
	}
}

// strategy: Argo CD deploys every commit (source-controller docs, HelmChart,
// Reconcile strategy).
func (c *BackCell) strategy() {
	strategy := node.Text(c.unit.Applier.Chart(c.unit.Chart), "reconcileStrategy")
	switch {
	case c.unit.Origin.Kind != flux.GitRepository.Name:
		c.say(implied("has a meaning for charts in Git only"))
	case strategy == "Revision":
		c.say(implied("Argo CD deploys every commit"))
	case c.unit.Chart == nil && c.unit.Composed == nil:
		c.about("spec.chart.spec.reconcileStrategy", approximate("Flux deploys when the chart's version changes, Argo CD every commit").as("chart-strategy"))
	}
}

// spendStrategy is strategy for a HelmChart.
func spendStrategy(c *SourceCell) {
	switch {
	case node.Text(c.spec("sourceRef"), "kind") != flux.GitRepository.Name:
		c.say(implied("has a meaning for charts in Git only"))
	case node.Text(c.spec(), "reconcileStrategy") == "Revision":
		c.say(implied("Argo CD deploys every commit"))
	default:
		c.say(approximate("Flux deploys when the chart's version changes, Argo CD every commit"))
	}
}
