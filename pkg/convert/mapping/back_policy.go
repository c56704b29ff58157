package mapping

import (
	"strconv"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backAutomated: Flux syncs by itself unless suspended. Deleting a suspended object
// keeps all it deployed (kustomize-controller and helm-controller, finalize).
func backAutomated(c *BackCell) {
	if !c.applier().Suspended() {
		c.say(implied("Argo CD syncs by itself too"))
		return
	}
	to := c.set(automated+".enabled", node.Bool(false))
	c.say(approximate("automated sync is off; Argo CD still shows the difference, and a person can sync", to).as("suspended"))
}

// backPrune: Helm always deletes what leaves the chart. Flux has no guard against an
// empty source, which Argo CD has unless allowEmpty (controller/appcontroller.go), and
// Argo CD marks no CRD as its own (reposerver/repository/repository.go), so it deletes
// none.
func backPrune(c *BackCell) {
	prune := c.applier().Release() || node.True(c.applier().Root, "spec", "prune")
	to := c.set(automated+".prune", node.Bool(prune))
	empty := to
	if prune {
		empty = c.set(automated+".allowEmpty", node.Bool(true))
	}
	if prune {
		c.absent("spec", approximate(pruneOrder).as("sync-option-prune-last"))
	}
	switch {
	case c.applier().Release():
		c.absent("spec.upgrade", equivalent("Helm deletes what leaves the chart on every upgrade", to, empty).as("prune-always"))
	case prune && !protects(c.applier()):
		c.say(approximate("with allowEmpty, as Flux has no guard against an empty source; but Argo CD never deletes a CRD, neither when it prunes nor with the Application", to, empty).as("crds-kept"))
	case prune:
		c.say(equivalent("with allowEmpty, as Flux has no guard against an empty source", to, empty))
	default:
		c.keep(to)
	}
}

// backSelfHeal: a Kustomization undoes drift on every interval, a release only with
// drift detection (helm-controller docs, Drift detection).
func backSelfHeal(c *BackCell) {
	if !c.applier().Release() {
		c.set(automated+".selfHeal", node.Bool(true)) // said of the interval
		return
	}
	mode := node.Text(c.spec("driftDetection"), "mode")
	to := c.set(automated+".selfHeal", node.Bool(mode == "enabled"))
	switch {
	case len(c.leaves) == 0:
		c.absent("spec.driftDetection.mode", equivalent("drift is left alone by default", to))
	case mode == "warn":
		c.say(approximate("Argo CD shows the drift instead of an event", to))
	case mode == "enabled":
		c.say(approximate("helm-controller reverts drift at its interval, Argo CD at once", to))
	default:
		c.say(equivalent("drift is left alone", to))
	}
}

// backDeletion: MirrorPrune deletes if prune is on, Orphan never does
// (kustomize-controller finalize; api/v1 DeletionPolicy). Argo CD deletes only with the
// finalizer. Helm's orphan spares what the objects of a release own, not the objects.
func backDeletion(c *BackCell) {
	a := c.applier()
	for _, l := range c.leaves {
		if strings.HasPrefix(l.Path, "metadata.finalizers") {
			c.claim(l, foreignFinalizer(l.Node.Value))
		}
	}
	propagation := node.Text(c.spec("uninstall"), "deletionPropagation")
	switch {
	case a.Suspended() && (a.Release() || c.deletes()):
		c.deletion(approximate("no finalizer: deleting the object keeps all it deployed only as long as it is suspended; add the finalizer when you resume it"))
	case a.Release() && propagation == "orphan":
		c.deletion(unsupported("Helm would delete the objects and leave what they own, such as Pods; without a finalizer, deleting the Application leaves both"))
	case !a.Release() && !c.deletes():
		c.deletion(implied("no finalizer: deleting the Application keeps all it deployed"))
	case propagation == "foreground":
		c.deletion(equivalent("the finalizer deletes what was deployed", c.add("metadata.finalizers", node.String(argocd.ResourcesFinalizer))))
	default:
		to := c.add("metadata.finalizers", node.String(argocd.ResourcesFinalizer+"/background"))
		c.deletion(c.deletesCRDs(equivalent("the finalizer deletes what was deployed", to)))
	}
}

// deletesCRDs weakens the verdict of a Kustomization that deletes CRDs and does not
// prune, which would have told.
func (c *BackCell) deletesCRDs(v Verdict) Verdict {
	if c.applier().Release() || protects(c.applier()) || node.True(c.spec(), "prune") {
		return v
	}
	return approximate("the finalizer deletes what was deployed, but Argo CD never deletes a CRD", v.To...).as("crds-kept")
}

func foreignFinalizer(name string) Verdict {
	if name == "finalizers.fluxcd.io" {
		return runtime("Flux's own")
	}
	return unsupported("a finalizer of another controller; dropped")
}

func (c *BackCell) deletes() bool {
	switch node.Text(c.spec(), "deletionPolicy") {
	case "Orphan":
		return false
	case "Delete", "WaitForTermination":
		return true
	default:
		return node.True(c.spec(), "prune")
	}
}

// deletion settles the field that decides, or its absence.
func (c *BackCell) deletion(v Verdict) {
	path := "spec.deletionPolicy"
	if c.applier().Release() {
		path = "spec.uninstall.deletionPropagation"
	}
	for _, l := range c.leaves {
		if l.Path == path {
			c.claim(l, v)
			return
		}
	}
	c.absent(path, v)
}

// backDependsOn orders Applications of one parent as their objects depend on each
// other.
func backDependsOn(c *BackCell) {
	u := c.unit
	var to []Target
	if u.Wave != 0 {
		to = append(to, c.set("metadata.annotations", node.String(strconv.Itoa(u.Wave)), "argocd.argoproj.io/sync-wave"))
	}
	for i, item := range node.Items(c.applier().Root, "spec", "dependsOn") {
		for _, l := range c.below(item) {
			v := u.Waves[i]
			if v.Fidelity == ledger.Unknown {
				v.To = to
				v.Note = c.order()
			}
			c.claim(l, v)
		}
	}
}

// order says how far sync waves stand for dependencies: they order the syncs of a
// parent, and between those an Application follows its source alone.
func (c *BackCell) order() string {
	if !c.unit.Settings.AppOfApps {
		return "the order is lost: by itself an Application waits for no other. Sync waves keep it where one Application deploys the others: pass --app-of-apps"
	}
	return "kept by the sync waves of the app-of-apps, once argocd-cm assesses the health of Applications, and at its own syncs only: a change of the source alone waits for nothing"
}
