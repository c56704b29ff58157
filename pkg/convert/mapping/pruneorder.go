package mapping

import "slices"

// pruneOrder is what both directions say of the order: GitOps Engine prunes before it
// applies, in each wave (pkg/sync/sync_context.go runTasks); kustomize-controller (reconcile)
// and Helm (pkg/kube Update) once all is applied.
const pruneOrder = "Argo CD deletes what left the source before it applies the rest, in the reverse order of sync waves; Flux once all is applied"

// pruneDefaults says how Argo CD prunes where no option tells: in the foreground
// (controller/sync.go), and as pruneOrder says.
func (c *Cell) pruneDefaults() {
	if !c.unit.prunes() {
		return
	}
	if !slices.ContainsFunc([]string{"PrunePropagationPolicy=foreground", "PrunePropagationPolicy=background", "PrunePropagationPolicy=orphan"}, c.app().SyncOption) {
		c.absent(syncOptions, approximate("Argo CD prunes in the foreground by default, Flux in the background").as("sync-option-propagation"))
	}
	if !slices.ContainsFunc([]string{"PruneLast=true", "PruneLast=false"}, c.app().SyncOption) {
		c.absent(syncOptions, approximate(pruneOrder).as("sync-option-prune-last"))
	}
}
