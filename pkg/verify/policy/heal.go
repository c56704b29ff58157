package policy

import (
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const leftAlone = "leaves drift alone"

// argoSelfHeal: off by default; on, a watch sees drift at once (Argo CD
// controller/appcontroller.go autoSync, types.go SyncPolicyAutomated).
func argoSelfHeal(u *unit) []aspect {
	path := automated + ".selfHeal"
	if u.frozen() || !u.app.Automated() || !node.True(u.spec("syncPolicy", "automated"), "selfHeal") {
		return []aspect{u.driftStays(path)}
	}
	return []aspect{u.says(path, "undone at once", "undoes changes made in the cluster within seconds",
		"An emergency kubectl edit is gone there at once: change Git or turn self-heal off first.")}
}

func (u *unit) driftStays(path string) aspect {
	return u.says(path, leftAlone, "leaves changes made in the cluster alone", "A forgotten kubectl edit stays there until the next deployment.")
}

// fluxSelfHeal: a Kustomization undoes drift with every reconciliation (kustomize-controller
// docs, Interval), a release only with drift detection (helm-controller docs, Drift
// detection).
func fluxSelfHeal(u *unit) []aspect {
	interval := normal(node.Text(u.spec(), "interval"))
	healed := func(path string) []aspect {
		return []aspect{u.says(path, "undone every "+interval, "undoes changes made in the cluster every "+interval,
			fmt.Sprintf("An emergency kubectl edit holds there for %s at most unless you suspend it first, and unwanted drift can last as long.", interval))}
	}
	mode := "spec.driftDetection.mode"
	switch {
	case u.applier.Suspended():
		return []aspect{u.driftStays("spec.suspend")}
	case !u.applier.Release():
		return healed("spec.interval")
	case node.Text(u.spec("driftDetection"), "mode") == "enabled":
		return healed(mode)
	case node.Text(u.spec("driftDetection"), "mode") == "warn":
		return []aspect{u.says(mode, "reported only", "reports changes made in the cluster as events and undoes none", "A forgotten kubectl edit stays there, and only an event tells of it.")}
	default:
		return []aspect{u.driftStays(mode)}
	}
}
