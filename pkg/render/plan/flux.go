package plan

import (
	"strings"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// Annotations and labels of kustomize-controller
// (internal/controller/kustomization_controller.go apply, deleteObjects).
const (
	fluxPrune     = "kustomize.toolkit.fluxcd.io/prune"
	fluxReconcile = "kustomize.toolkit.fluxcd.io/reconcile"
	fluxSSA       = "kustomize.toolkit.fluxcd.io/ssa"
	fluxForce     = "kustomize.toolkit.fluxcd.io/force"
)

// suspended is why the stages of a suspended owner are not applied.
const suspended = "suspended"

// The stages of Flux (ssa/manager_apply.go ApplyAllStaged), as waves.
const (
	definitionStage = iota
	classStage
	resourceStage
)

// kustomization reads what a Kustomization says.
func (u *unit) kustomization(app *manifest.App) *method {
	k := flux.ReadApplier(app.Root, app.Namespace)
	m := &method{
		manager: "kustomize-controller",
		prune:   node.True(k.Spec("prune")),
		server:  true,
		cascade: "background",
		seconds: fluxTimeout(k),
	}
	u.fluxOwner(k)
	for i, o := range all(app) {
		m.tasks = append(m.tasks, fluxTask(k, app, m, o, i))
	}
	sortFlux(m.tasks)
	keepCRDs(app, m)
	m.checks = fluxChecks(k, m)
	noteFlux(k, app, kustomizationLacks)
	noteEmpty(app, m)
	return m
}

// fluxOwner notes what both kinds of Flux have.
func (u *unit) fluxOwner(a *flux.Applier) {
	if a.Suspended() {
		u.owner.Skipped = suspended
	}
	if account := node.Text(a.Root, "spec", "serviceAccountName"); account != "" {
		u.owner.As = "system:serviceaccount:" + a.Namespace + ":" + account
	}
	if config := a.Spec("kubeConfig"); !node.Null(config) {
		u.owner.Cluster = "kubeConfig of " + a.Namespace + "/" + a.Name
		for _, ref := range []string{"secretRef", "configMapRef"} {
			if name := node.Text(config, ref, "name"); name != "" {
				u.owner.Cluster = strings.TrimSuffix(ref, "Ref") + " " + a.Namespace + "/" + name
			}
		}
	}
	for _, r := range a.DependsOn() {
		u.owner.DependsOn = append(u.owner.DependsOn, ledger.Object{
			APIVersion: u.owner.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name,
		})
	}
}

// fluxTimeout is how long Flux waits (api/v1/kustomization_types.go GetTimeout).
func fluxTimeout(k *flux.Applier) int {
	const least = 30 * time.Second
	timeout := duration(k, "interval") - least
	if d := duration(k, "timeout"); d > 0 {
		timeout = d
	}
	return int(max(timeout, least).Seconds())
}

func duration(a *flux.Applier, keys ...string) time.Duration {
	d, err := time.ParseDuration(node.Text(a.Root, append([]string{"spec"}, keys...)...))
	if err != nil {
		return 0
	}
	return d
}

// fluxTask makes the task of one object.
func fluxTask(k *flux.Applier, app *manifest.App, m *method, o *manifest.Object, i int) *task {
	t := &task{Object: o, index: i, phase: Sync, wave: resourceStage, action: Apply, server: true, health: true}
	t.flags = m.flags(true, false)
	switch {
	case t.definition() != "" || t.GetKind() == "ClusterRole" && t.gk().Group == "rbac.authorization.k8s.io":
		t.wave = definitionStage
	case strings.HasSuffix(t.GetKind(), "Class"):
		t.wave = classStage
	}
	is := func(key, value string) bool {
		return strings.EqualFold(o.GetAnnotations()[key], value) || strings.EqualFold(o.GetLabels()[key], value)
	}
	t.member = m.prune && !is(fluxPrune, "disabled") && !is(fluxReconcile, "disabled")
	switch {
	case is(fluxReconcile, "disabled"), is(fluxSSA, "Ignore"):
		t.action, t.member, t.health, t.flags = Leave, false, false, nil
	case is(fluxSSA, "IfNotPresent"):
		if t.action = ApplyMissing; t.member {
			t.member = false
			app.Note("plan-if-not-present", ledger.Approximate, "spec.prune", o.GetKind()+" "+o.GetName()+
				" is only made where it is missing, and kubectl prunes what it applies: it is not pruned; delete it by hand when it is gone from the source")
		}
	case node.True(k.Spec("force")), is(fluxForce, "enabled"):
		t.action = Recreate
	}
	return t
}

// keepCRDs leaves CRDs out of pruning. kubectl refuses an ApplySet for good when a kind
// that it has had members of is gone (applyset.go parseKindAnnotation).
func keepCRDs(app *manifest.App, m *method) {
	said := false
	for _, t := range m.tasks {
		if !t.member || !t.crd() {
			continue
		}
		if t.member = false; !said {
			said = true
			app.Note("plan-crds", ledger.Approximate, "spec.prune",
				"CustomResourceDefinitions that are gone from the source are not pruned, nor is all that they define: delete them by hand")
		}
	}
}

// fluxChecks are the health checks at the end: all objects with wait, else those of
// healthChecks.
func fluxChecks(k *flux.Applier, m *method) (checks []Wait) {
	if node.True(k.Spec("wait")) {
		return nil // the tasks say so
	}
	for _, t := range m.tasks {
		t.health = t.wave != resourceStage
	}
	for _, item := range node.Items(k.Root, "spec", "healthChecks") {
		id := ledger.Object{
			APIVersion: node.Text(item, "apiVersion"), Kind: node.Text(item, "kind"),
			Namespace: node.Text(item, "namespace"), Name: node.Text(item, "name"),
		}
		condition, ok := conditions[id.Kind]
		if !ok {
			condition = "condition=Ready"
		}
		checks = append(checks, Wait{Object: id, For: condition, Seconds: m.seconds})
	}
	return checks
}

// noteFlux says what of the object is not in the plan.
func noteFlux(a *flux.Applier, app *manifest.App, lacks []lack) {
	for _, l := range lacks {
		if ledger.Exists(app.Root, l.path) && !falsy(app.Root, l.path) {
			app.Note("plan-policy", l.fidelity, l.path, l.note)
		}
	}
	for i, item := range node.Items(a.Root, "spec", "dependsOn") {
		if !node.Null(node.Get(item, "readyExpr")) {
			app.Note("plan-policy", ledger.Unsupported, ledger.Index("spec.dependsOn", i)+".readyExpr",
				"kubectl evaluates no CEL: what this depends on is applied before, and waited for as it says itself")
		}
	}
	if a.Suspended() {
		app.Note("plan-suspended", ledger.Exact, "spec.suspend", "the stages are written, and apply.sh leaves them out")
	}
	if account := node.Text(a.Root, "spec", "serviceAccountName"); account != "" {
		app.Note("plan-impersonation", ledger.Approximate, "spec.serviceAccountName", "apply.sh impersonates it, which takes the right to; "+
			"to prune, it needs the rights to list customresourcedefinitions, and to get and patch applysets."+setGroup)
	}
	if !node.Null(a.Spec("kubeConfig")) {
		noteCluster(app, "spec.kubeConfig", "what the kubeconfig leads to")
	}
}

// kustomizationLacks are what a plan cannot express of a Kustomization.
var kustomizationLacks = []lack{
	{"spec.interval", ledger.Approximate, "a plan is applied once and does not undo drift: run apply.sh again, or on a schedule"},
	{"spec.retryInterval", ledger.Approximate, "apply.sh ends at the first error: run it again"},
	{"spec.deletionPolicy", ledger.Approximate, "a plan does not delete the Kustomization"},
	{"spec.healthCheckExprs", ledger.Unsupported, "kubectl evaluates no CEL: see that these objects are ready by yourself"},
	{"spec.ignore", ledger.Unsupported, "kubectl cannot leave single fields alone: remove them from the manifests"},
}

// releaseLacks are what a plan cannot express of a HelmRelease.
var releaseLacks = []lack{
	{"spec.interval", ledger.Approximate, "a plan is applied once: run apply.sh again, or on a schedule"},
	{"spec.storageNamespace", ledger.Approximate, "no release is stored: the objects are plain ones, which helm does not know"},
	{"spec.maxHistory", ledger.Approximate, "no release is stored, so there is no history"},
	{"spec.driftDetection", ledger.Approximate, "a plan is applied once and does not look for drift"},
	{"spec.test", ledger.Approximate, "a plan runs no tests"},
	{"spec.rollback", ledger.Approximate, "apply.sh ends at the first error and rolls nothing back"},
	{"spec.uninstall", ledger.Approximate, "a plan does not uninstall"},
	{"spec.install.remediation", ledger.Approximate, "apply.sh ends at the first error: run it again"},
	{"spec.install.strategy", ledger.Approximate, "apply.sh ends at the first error: run it again"},
	{"spec.install.replace", ledger.Equivalent, "no release is stored whose name could be taken"},
	{"spec.install.disableTakeOwnership", ledger.Unsupported, "kubectl takes over what belongs to another release, without an error"},
	{"spec.upgrade.remediation", ledger.Approximate, "apply.sh ends at the first error: run it again"},
	{"spec.upgrade.strategy", ledger.Approximate, "apply.sh ends at the first error: run it again"},
	{"spec.upgrade.cleanupOnFail", ledger.Approximate, "apply.sh ends at the first error and deletes nothing"},
	{"spec.upgrade.disableTakeOwnership", ledger.Unsupported, "kubectl takes over what belongs to another release, without an error"},
	{"spec.upgrade.preserveValues", ledger.Approximate, "no release is stored whose values could be kept"},
	{"spec.healthCheckExprs", ledger.Unsupported, "kubectl evaluates no CEL: see that these objects are ready by yourself"},
}
