package policy

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const syncOptions = "spec.syncPolicy.syncOptions"

const (
	nothingPruned = "deletes nothing"
	keepsAll      = "keeps"
)

// prunes tells whether Argo CD deletes what left the source without being asked: only
// automated syncs prune by themselves, and the sync options can forbid it (Argo CD
// appcontroller.go autoSync; GitOps Engine pkg/sync/sync_context.go).
func (u *unit) prunes() bool { return u.app.Automated() && u.asksToPrune() }

// asksToPrune tells what prunes does, once syncs are automated.
func (u *unit) asksToPrune() bool {
	return node.True(u.spec("syncPolicy", "automated"), "prune") &&
		!u.app.SyncOption("Prune=false") && !u.app.SyncOption("Prune=confirm")
}

// argoPrune: off by default (Argo CD types.go SyncPolicyAutomated). While syncs are
// manual, nothing is pruned unless a person asks for it, whatever prune says; that the
// syncs are manual is said of the automation.
func argoPrune(u *unit) []aspect {
	switch {
	case u.asksToPrune() && !u.prunes():
		a := u.pruned(automated + ".prune")
		a.also = []string{keepsAll}
		return []aspect{a}
	case u.prunes():
		return []aspect{u.pruned(automated + ".prune")}
	case u.app.Prune() && u.app.SyncOption("Prune=confirm"):
		return []aspect{u.says(syncOptions, "prunes when confirmed", "deletes what left the source once a person confirms it", "The sync waits there until somebody confirms the deletion.")}
	default:
		return []aspect{u.unpruned(automated + ".prune")}
	}
}

func (u *unit) pruned(path string) aspect {
	return u.says(path, "prunes", "deletes what left the source", "An object that is removed from Git, by mistake or not, is deleted from the cluster there.")
}

func (u *unit) unpruned(path string) aspect {
	return u.says(path, keepsAll, "leaves what left the source running", "What was removed from Git still runs there until somebody deletes it.")
}

// fluxPrune: spec.prune decides (kustomize-controller internal/controller prune); Helm
// deletes what leaves the chart with every upgrade, unless its resource policy keeps it
// (helm.sh/docs, "Tell Helm not to uninstall a resource").
func fluxPrune(u *unit) []aspect {
	switch {
	case u.fluxPrunes() && u.applier.Release():
		return []aspect{u.pruned("spec.upgrade")}
	case u.fluxPrunes():
		return []aspect{u.pruned("spec.prune")}
	case u.applier.Release():
		return []aspect{u.unpruned("spec.postRenderers")}
	default:
		return []aspect{u.unpruned("spec.prune")}
	}
}

func (u *unit) fluxPrunes() bool {
	if u.applier.Release() {
		return !u.keepsRelease()
	}
	return node.True(u.spec(), "prune")
}

// keepsRelease tells whether a post-renderer marks all objects for Helm to keep.
func (u *unit) keepsRelease() bool {
	for _, renderer := range node.Items(u.spec(), "postRenderers") {
		for _, p := range node.Items(renderer, "kustomize", "patches") {
			if everyObject(node.Get(p, "target")) && patched(p, "helm.sh/resource-policy") == "keep" {
				return true
			}
		}
	}
	return false
}

// argoPruneMethod: in the foreground by default, and with the waves in reverse unless
// PruneLast (Argo CD controller/sync.go; GitOps Engine pkg/sync/sync_context.go).
func argoPruneMethod(u *unit) []aspect {
	if !u.asksToPrune() {
		return u.prunesNothing(automated + ".prune")
	}
	policy := "foreground"
	for _, p := range []string{"orphan", "foreground", "background"} { // the last one wins
		if u.app.SyncOption("PrunePropagationPolicy=" + p) {
			policy = p
		}
	}
	order := u.says(syncOptions, "in reverse waves", "deletes in the reverse order of the sync waves", "")
	if u.app.SyncOption("PruneLast=true") {
		order = u.says(syncOptions, "after all is healthy", "deletes only after all else is applied and healthy", "What is replaced runs there until its replacement is healthy.")
	}
	how := u.propagation(syncOptions, policy)
	if !u.prunes() {
		how.also, order.anything = []string{nothingPruned}, true
	}
	return []aspect{how, order}
}

func (u *unit) prunesNothing(path string) []aspect {
	how := u.says(path, nothingPruned, "deletes nothing that left the source", "")
	order := how.hidden()
	order.anything = true
	return []aspect{how, order}
}

func (u *unit) propagation(path, policy string) aspect {
	says := map[string]string{
		"foreground": "waits for the dependents of what it deletes",
		"background": "deletes in the background without waiting for dependents",
		"orphan":     "leaves the dependents of what it deletes, such as Pods, behind",
	}
	night := map[string]string{
		"foreground": "A Pod that does not stop holds the deletion up there.",
		"background": "Pods of a deleted object may still run there when it is reported gone.",
		"orphan":     "Pods whose owner is gone keep running there and belong to nobody.",
	}
	return u.says(path, policy, orElse(says[policy], "deletes with the policy "+policy), night[policy])
}

// fluxPruneMethod: in the background, after all is applied and before waiting for health
// (kustomize-controller internal/controller reconcile, deleteObjects); Helm likewise
// deletes after it has applied, in the background (helm.sh/helm pkg/kube Update).
func fluxPruneMethod(u *unit) []aspect {
	if !u.fluxPrunes() {
		return u.prunesNothing("spec.prune")
	}
	path := "spec.prune"
	if u.applier.Release() {
		path = "spec.upgrade"
	}
	return []aspect{
		u.propagation(path, "background"),
		u.says(path, "after applying", "deletes once all is applied, before anything is healthy", "What is replaced may be gone there before its replacement works."),
	}
}

// argoEmptySource: an automated sync that would delete everything is refused unless
// allowEmpty (Argo CD controller/appcontroller.go autoSync).
func argoEmptySource(u *unit) []aspect {
	path := automated + ".allowEmpty"
	if !u.asksToPrune() {
		return []aspect{u.emptyHarmless(path)}
	}
	a := u.says(path, "refused", "refuses to sync a source without any object", "The sync fails there, and everything keeps running.")
	if node.True(u.spec("syncPolicy", "automated"), "allowEmpty") {
		a = u.emptyDeletes(path)
	}
	if !u.prunes() {
		a.also = []string{nothingPruned}
	}
	return []aspect{a}
}

func (u *unit) emptyHarmless(path string) aspect {
	return u.says(path, nothingPruned, "deletes nothing, whatever the source holds", "An emptied source leaves all running there.")
}

func (u *unit) emptyDeletes(path string) aspect {
	return u.says(path, "deletes everything", "deletes everything when the source is empty",
		"A directory that is emptied, moved or mistyped takes the whole deployment down there.")
}

// fluxEmptySource: an empty directory builds to no object, and pruning deletes all
// (fluxcd/pkg kustomize/kustomize_generator.go; kustomize-controller reconcile).
func fluxEmptySource(u *unit) []aspect {
	if u.fluxPrunes() {
		return []aspect{u.emptyDeletes("spec.prune")}
	}
	return []aspect{u.emptyHarmless("spec.prune")}
}
