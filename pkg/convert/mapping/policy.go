package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const automated = "spec.syncPolicy.automated"

func policyRows() []Row {
	return append([]Row{
		{
			ID: "automated", Argo: []string{automated, automated + ".enabled"}, Flux: both("spec.suspend"),
			Back:    backAutomated,
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "Flux syncs by itself unless suspended", Implied: true},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "suspend: true becomes automated.enabled: false"},
			Forward: forwardAutomated, Always: true,
		},
		{
			ID: "prune", Argo: []string{automated + ".prune"}, Flux: []string{"Kustomization:spec.prune"}, Writes: []string{"Application:" + automated + ".allowEmpty"},
			Back: backPrune, BackAlways: true,
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardPrune, Always: true,
		},
		{
			ID: "self-heal", Argo: []string{automated + ".selfHeal"}, Flux: []string{"HelmRelease:spec.driftDetection.mode"},
			Back: backSelfHeal, BackAlways: true,
			ToFlux:  Promise{Fidelity: ledger.Approximate},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "enabled becomes selfHeal: true; warn and disabled become false"},
			Forward: forwardSelfHeal, Always: true,
		},
		{
			ID: "allow-empty", Argo: []string{automated + ".allowEmpty"},
			ToFlux:  Promise{Fidelity: ledger.Unsupported},
			Forward: forwardAllowEmpty, Always: true,
		},
	}, deletionRows()...)
}

// deletionRows are about deletion and failure.
func deletionRows() []Row {
	return []Row{
		{
			ID: "deletion", Argo: []string{"metadata.finalizers[]"},
			Back: backDeletion, BackAlways: true,
			Flux: append(fluxKinds("metadata.finalizers[]"), "Kustomization:spec.deletionPolicy",
				"HelmRelease:spec.uninstall.deletionPropagation"),
			Writes:  []string{"HelmRelease:spec.postRenderers[].kustomize.patches[].patch"},
			ToFlux:  Promise{Fidelity: ledger.Approximate},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "MirrorPrune, Delete and WaitForTermination become the resources finalizer, Orphan none"},
			Forward: forwardDeletion, Always: true,
		},
		{
			ID: "retry", Argo: []string{"spec.syncPolicy.retry.backoff.duration", "spec.syncPolicy.retry.refresh"},
			Back: backRetry, BackAlways: true,
			Flux: []string{
				"Kustomization:spec.retryInterval", "HelmRelease:spec.install.strategy.retryInterval",
				"HelmRelease:spec.upgrade.strategy.retryInterval",
				"HelmRelease:spec.install.strategy.name", "HelmRelease:spec.upgrade.strategy.name",
				"HelmRelease:spec.install.remediation.retries", "HelmRelease:spec.upgrade.remediation.retries",
			},
			Writes: []string{
				"Application:spec.syncPolicy.retry.limit", "Application:spec.syncPolicy.retry.backoff.factor",
				"Application:spec.syncPolicy.retry.backoff.maxDuration",
			},
			ToFlux:  Promise{Fidelity: ledger.Approximate},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "becomes retry.limit -1 with a constant back-off"},
			Forward: forwardRetry, Always: true,
		},
		{
			ID: "retry-limit",
			Argo: []string{
				"spec.syncPolicy.retry.limit", "spec.syncPolicy.retry.backoff.factor",
				"spec.syncPolicy.retry.backoff.maxDuration",
			},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "Flux retries at a constant interval for ever"},
		},
		{
			ID: "helm-strategy", Writes: []string{"HelmRelease:spec.install.strategy.name", "HelmRelease:spec.upgrade.strategy.name"},
			Forward: forwardStrategy, Always: true,
		},
	}
}

// forwardAutomated suspends what Argo CD syncs only on request (types.go
// IsAutomatedSyncEnabled; kustomize-controller keeps all of a suspended object).
func forwardAutomated(c *Cell) {
	if c.app().Automated() {
		c.keep()
		return
	}
	var to []Target
	for _, p := range c.unit.works() {
		to = append(to, c.set(p.Work, "spec.suspend", node.Bool(true)))
	}
	c.about(automated, approximate("manual sync became suspend: true; a suspended object shows no diff and its deletion leaves all resources", to...).as("manual-sync"))
}

func forwardPrune(c *Cell) {
	prune := c.unit.prunes()
	var to []Target
	releases := 0
	for _, p := range c.unit.works() {
		if k := p.kustomization(); k != nil {
			to = append(to, c.set(k, "spec.prune", node.Bool(prune)))
		} else {
			releases++
		}
	}
	path := automated + ".prune"
	switch {
	case releases > 0 && c.unit.keepsRelease():
		c.about(path, implied("helm.sh/resource-policy keeps what leaves the chart"))
	case releases > 0 && !prune:
		c.about(path, Verdict{ID: "prune-always", Promise: Promise{
			Fidelity: ledger.Unsupported,
			Note:     "Helm deletes what leaves the chart on every upgrade; Argo CD left it",
		}, To: to})
	case releases > 0:
		c.about(path, equivalentTo("Helm deletes what leaves the chart on every upgrade", to))
	case len(c.leaves) == 0:
		c.absent(path, equivalentTo("not pruned unless asked", to))
	case !c.app().Automated():
		c.say(implied("nothing is synced while suspended"))
	case c.app().Prune() != prune:
		c.say(implied("the sync option Prune decides"))
	default:
		c.keep(to...)
	}
}

// prunes tells whether what leaves the source is deleted.
func (u *Unit) prunes() bool {
	return u.App.Prune() && !u.App.SyncOption("Prune=false") && !u.App.SyncOption("Prune=confirm")
}

// cascades tells whether deleting the Application deletes what it deployed.
func (u *Unit) cascades() bool {
	return u.App.Cascades() && !u.App.SyncOption("Delete=false") && !u.App.SyncOption("Delete=confirm")
}

// keepsRelease tells whether nothing of a release may ever be deleted, which Helm's
// resource policy can say.
func (u *Unit) keepsRelease() bool { return !u.prunes() && !u.cascades() }

func equivalentTo(note string, to []Target) Verdict {
	v := equivalent(note, to...)
	v.Implied = len(to) == 0
	return v
}

// forwardSelfHeal: a Kustomization undoes drift on every interval whatever is asked.
func forwardSelfHeal(c *Cell) {
	heal := node.True(c.app().Spec("syncPolicy", "automated"), "selfHeal")
	var to []Target
	kustomizations := 0
	for _, p := range c.unit.works() {
		if r := p.release(); r == nil {
			kustomizations++
		} else if heal {
			to = append(to, c.set(r, "spec.driftDetection.mode", node.String("enabled")))
		}
	}
	path := automated + ".selfHeal"
	switch {
	case !c.app().Automated():
		c.about(path, implied("nothing is synced while suspended"))
	case heal:
		c.say(approximate("Flux reverts drift at its interval, Argo CD at once", to...))
	case kustomizations > 0:
		c.about(path, approximate("Flux reverts drift every 10m, Argo CD did not").as("self-heal-always"))
	default:
		c.about(path, implied("drift detection is off by default"))
	}
}

// forwardAllowEmpty: Argo CD refuses a sync that would delete everything
// (controller/appcontroller.go); Flux has no such guard.
func forwardAllowEmpty(c *Cell) {
	allowed := node.True(c.app().Spec("syncPolicy", "automated"), "allowEmpty")
	path := automated + ".allowEmpty"
	const note = "Argo CD's guard against an empty source has no Flux counterpart: with prune an emptied source deletes everything"
	switch {
	case !c.unit.prunes() || allowed:
		c.about(path, implied("Flux has no guard against an empty source"))
	case len(c.leaves) > 0:
		c.say(unsupported(note))
	default:
		c.absent(path, approximate(note))
	}
}

// forwardStrategy makes a release retry as an Application does, and never roll back.
func forwardStrategy(c *Cell) {
	for _, p := range c.unit.works() {
		if r := p.release(); r != nil {
			c.set(r, "spec.install.strategy.name", node.String("RetryOnFailure"))
			c.set(r, "spec.upgrade.strategy.name", node.String("RetryOnFailure"))
		}
	}
}
