package plan

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A lack is a field that a plan cannot express, or only in part. What a controller
// does later on, and a plan that is applied once does not, is Approximate; what would
// apply something else now is Unsupported.
type lack struct {
	path     string
	fidelity ledger.Fidelity
	note     string
}

// argoLacks are those of an Application. What decides only about what is rendered,
// or shown, is not here: a sync overwrites what ignoreDifferences hides.
var argoLacks = []lack{
	{"spec.syncPolicy.automated.selfHeal", ledger.Approximate, "a plan is applied once and does not undo drift: run apply.sh again, or on a schedule"},
	{"spec.syncPolicy.retry", ledger.Approximate, "apply.sh ends at the first error: run it again"},
}

// argoSyncOptions says of each option of an Application what the plan makes of it: ""
// is that it does the same. Any other value is one that Argo CD does not read
// (controller/sync.go, v3.6).
var argoSyncOptions = map[string]lack{
	"ApplyOutOfSyncOnly=true":           {fidelity: ledger.Equivalent, note: "every object is sent; those that are as they should be stay unchanged"},
	"CreateNamespace=true":              {},
	"Delete=false":                      {fidelity: ledger.Approximate, note: "a plan does not delete the application"},
	"Delete=confirm":                    {fidelity: ledger.Approximate, note: "a plan does not delete the application"},
	"FailOnSharedResource=true":         {fidelity: ledger.Unsupported, note: "kubectl takes over what belongs to another application, without an error"},
	"Prune=false":                       {},
	"Prune=confirm":                     {fidelity: ledger.Approximate, note: "nobody can confirm: what is gone stays in the cluster"},
	"PruneLast=true":                    {},
	"PrunePropagationPolicy=background": {},
	"PrunePropagationPolicy=foreground": {},
	"PrunePropagationPolicy=orphan":     {},
	"Replace=true":                      {},
	"RespectIgnoreDifferences=true":     {fidelity: ledger.Unsupported, note: "kubectl cannot leave single fields alone: remove them from the manifests"},
	"ServerSideApply=true":              {},
	"SkipDryRunOnMissingResource=true":  {fidelity: ledger.Equivalent, note: "apply.sh does no dry run before it applies"},
	"Validate=false":                    {},
	"ClientSideApplyMigration=false":    {fidelity: ledger.Approximate, note: "kubectl moves the fields of an earlier kubectl apply to the new field manager"},
}

// noteApplication says what of the sync policy is not in the plan.
func noteApplication(a *argocd.App, app *manifest.App) {
	if !a.Automated() {
		app.Note("plan-manual", ledger.Approximate, "spec.syncPolicy.automated",
			"nobody syncs this application by itself in Argo CD, and running apply.sh does; it does not prune, as a sync without --prune")
	}
	for _, l := range argoLacks {
		if ledger.Exists(app.Root, l.path) && !falsy(app.Root, l.path) {
			app.Note("plan-policy", l.fidelity, l.path, l.note)
		}
	}
	for i, item := range node.Items(a.Spec("syncPolicy"), "syncOptions") {
		path := ledger.Index("spec.syncPolicy.syncOptions", i)
		l, ok := argoSyncOptions[item.Value]
		switch {
		case !ok:
			app.Note("plan-option", ledger.Equivalent, path, fmt.Sprintf("Argo CD ignores %q in an Application, and so does the plan", item.Value))
		case l.note != "":
			app.Note("plan-option", l.fidelity, path, l.note)
		}
	}
	if cluster := argoCluster(a); cluster != "" {
		noteCluster(app, "spec.destination", cluster)
	}
	if a.Prune() && !a.SyncOption("PruneLast=true") {
		notePruneOrder(app)
	}
}

// notePruneOrder: the waves of what is gone are unknown.
func notePruneOrder(app *manifest.App) {
	for i := range app.Objects {
		if o := &app.Objects[i]; hook.Wave(o) != 0 {
			app.Note("plan-prune-order", ledger.Approximate, "spec.syncPolicy.automated.prune",
				"Argo CD prunes in the waves of the objects that are gone, last first; kubectl prunes all after the last wave")
			return
		}
	}
}

func noteCluster(app *manifest.App, path, cluster string) {
	app.Note("plan-cluster", ledger.Approximate, path, fmt.Sprintf(
		"%s is another cluster: apply.sh asks for the kubectl context that leads there", comment(cluster)))
}

// noteEmpty: kubectl prunes only where it applies something.
func noteEmpty(app *manifest.App, m *method) {
	if m.prune && !slices.ContainsFunc(m.tasks, func(t *task) bool { return t.member }) {
		app.Note("plan-empty", ledger.Approximate, "metadata.name",
			"nothing that could be pruned is left, and kubectl prunes only while it applies: delete what earlier plans applied by hand, by the label "+
				partOfLabel+"="+mainSet(app, m).id())
	}
}

// falsy tells whether the value at path is false or null.
func falsy(root *yaml.Node, path string) bool {
	n := root
	for _, key := range strings.Split(path, ".") {
		n = node.Get(n, key)
	}
	return node.Null(n) || n.Value == "false"
}
