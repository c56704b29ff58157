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
			ID: "interval", Flux: fluxKinds("spec.interval"),
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "Argo CD polls at one global interval, and reverts drift at once where it does"},
			Forward: forwardInterval, Always: true,
		},
		{
			ID: "health", Flux: []string{"Kustomization:spec.wait", "Kustomization:spec.timeout", "HelmRelease:spec.timeout"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "the health of an Application always covers all its resources; timeouts are global"},
			Off:     true,
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
	}
}

// forwardHealth makes a Kustomization's readiness mean what an Application's health
// means.
func forwardHealth(c *Cell) {
	for _, p := range c.unit.works() {
		if k := p.kustomization(); k != nil {
			c.set(k, "spec.wait", node.Bool(true))
			c.set(k, "spec.timeout", node.String(workTimeout))
		}
	}
}
