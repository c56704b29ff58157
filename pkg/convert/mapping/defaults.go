package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Intervals that stand for what Argo CD sets globally: it polls repositories every
// 2 to 3 minutes (timeout.reconciliation) and watches the cluster all the time.
const (
	sourceInterval = "3m"
	workInterval   = "10m"
	workTimeout    = "5m"
)

func defaultRows() []Row {
	return []Row{
		{
			ID: "interval", Flux: fluxKinds("spec.interval"), Writes: []string{"HelmRelease:spec.chart.spec.interval"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "Argo CD polls at one global interval, and reverts drift at once where it does"},
			Forward: forwardInterval, Always: true,
		},
		{
			ID: "health", Flux: []string{"Kustomization:spec.wait", "Kustomization:spec.timeout", "HelmRelease:spec.timeout"},
			ToArgo: Promise{Fidelity: ledger.Approximate, Note: "the health of an Application always covers all its resources, by Argo CD's own checks; the timeout of a sync is global"},
			Back:   backHealth, BackAlways: true,
			Forward: forwardHealth, Always: true,
		},
	}
}

func forwardInterval(c *Cell) {
	for _, p := range c.unit.Parts {
		for _, o := range append([]*object.Object{p.Origin, p.Work}, p.Extra...) {
			switch {
			case o == nil || o.Kind == object.ConfigMap || o.Kind == flux.ArtifactGenerator:
			case o.Kind == flux.Kustomization || o.Kind == flux.HelmRelease:
				c.set(o, "spec.interval", node.String(workInterval))
			default:
				c.set(o, "spec.interval", node.String(sourceInterval))
			}
		}
		c.chartInterval(p)
	}
}

// chartInterval: an OCI HelmRepository is not polled but its charts are, by default at the
// interval of the release (helm-controller api/v2 HelmChartTemplate GetInterval).
func (c *Cell) chartInterval(p *Part) {
	if r := p.release(); r != nil && p.Origin != nil && node.Text(p.Origin.Root, "spec", "type") == "oci" {
		c.set(r, "spec.chart.spec.interval", node.String(sourceInterval))
	}
}

// forwardHealth makes a Kustomization's readiness mean what an Application's health
// means. A sync has no limit by default (Argo CD cmd/argocd-application-controller,
// sync-timeout); that of a release is 5m, too (helm-controller api/v2 GetTimeout).
func forwardHealth(c *Cell) {
	var to []Target
	for _, p := range c.unit.works() {
		if k := p.kustomization(); k != nil {
			c.set(k, "spec.wait", node.Bool(true))
			to = append(to, c.set(k, "spec.timeout", node.String(workTimeout)))
		}
	}
	c.absent("spec.syncPolicy", approximate("Flux gives up waiting after "+workTimeout+" and tries again; a sync of Argo CD has no limit unless controller.sync.timeout.seconds sets one for all", to...))
}

// backHealth: without wait and healthChecks a Kustomization is ready once it is applied
// (kustomize-controller checkHealth). Without a timeout it gives up half a minute before its
// next interval, and a release after 5m (api/v1, api/v2 GetTimeout).
func backHealth(c *BackCell) {
	const applied = "ready once it was applied; an Application is healthy only when all its resources are"
	switch wait := c.spec("wait"); {
	case c.applier().Release() || node.True(wait):
	case !node.Null(wait):
		c.claim(c.of(wait), approximate(applied))
	case len(node.Items(c.spec(), "healthChecks")) == 0:
		c.absent("spec.wait", approximate(applied))
	}
	limit := "half a minute before its next interval"
	if c.applier().Release() {
		limit = "after 5m"
	}
	if node.Null(c.spec("timeout")) {
		c.absent("spec.timeout", approximate("gives up waiting "+limit+"; a sync of Argo CD has no limit unless controller.sync.timeout.seconds sets one for all"))
	}
}
