package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// helmResourcePolicy of "keep" makes Helm never delete an object.
const helmResourcePolicy = "helm.sh/resource-policy"

// release reads what a HelmRelease says (helm-controller internal/action/install.go,
// upgrade.go). Whether it would be an install or an upgrade is not known: objects are
// applied either way, and where the two differ upgrade decides.
func (u *unit) release(app *manifest.App) *method {
	r := flux.ReadApplier(app.Root, app.Namespace)
	m := &method{
		manager: "helm-controller",
		prune:   true, // Helm always deletes what left the chart
		server:  serverSide(r),
		replace: node.True(r.Spec("upgrade", "force")),
		cascade: "background",
		seconds: releaseTimeout(r),
	}
	u.fluxOwner(r)
	if r.TargetNamespace() != "" && node.True(r.Spec("install", "createNamespace")) && !renders(app, app.Target) {
		u.namespaces = append(u.namespaces, namespace{
			name: app.Target, manager: m.manager, labels: map[string]any{"name": app.Target}, // pkg/action/install.go
		})
	}
	for i, o := range all(app) {
		m.tasks = append(m.tasks, releaseTasks(r, m, o, i)...)
	}
	sortRelease(m.tasks)
	keepCRDs(app, m)
	noteFlux(r, app, releaseLacks)
	app.Note("plan-release", ledger.Approximate, "spec.releaseName",
		"the objects are applied as plain ones: helm knows no release of them, and lookup and the hooks of installs and upgrades cannot tell which of the two it is")
	noteEmpty(app, m)
	return m
}

// serverSide tells whether Helm applies on the server.
func serverSide(r *flux.Applier) bool {
	switch node.Text(r.Root, "spec", "upgrade", "serverSideApply") {
	case "enabled":
		return true
	case "disabled":
		return false
	}
	install := r.Spec("install", "serverSideApply")
	return node.Null(install) || node.True(install)
}

func releaseTimeout(r *flux.Applier) int {
	for _, keys := range [][]string{{"upgrade", "timeout"}, {"install", "timeout"}, {"timeout"}} {
		if d := duration(r, keys...); d > 0 {
			return int(d.Seconds())
		}
	}
	return int((5 * time.Minute).Seconds())
}

// both tells whether an install and an upgrade have a switch on.
func both(r *flux.Applier, key string) bool {
	return node.True(r.Spec("install", key)) && node.True(r.Spec("upgrade", key))
}

// releaseTasks makes the tasks of one object.
func releaseTasks(r *flux.Applier, m *method, o *manifest.Object, i int) (tasks []*task) {
	t := &task{Object: o, index: i, phase: Sync, action: Apply, server: m.server}
	t.lax = node.True(r.Spec("upgrade", "disableOpenAPIValidation")) || node.True(r.Spec("install", "disableOpenAPIValidation"))
	t.flags = m.flags(m.server, t.lax)
	t.health = !both(r, "disableWait") && (t.GetKind() != "Job" || !both(r, "disableWaitForJobs"))
	if _, ok := o.GetAnnotations()[hook.HelmAnnotation]; ok && o.Part != manifest.CRD {
		if both(r, "disableHooks") {
			return nil
		}
		for _, phase := range hook.HelmPhases(o) {
			h := *t
			h.phase, h.wave, h.action, h.health, h.policy, h.alone = Phase(phase), hook.Wave(o), RunHook, true, hook.DeletePolicies(o), true
			tasks = append(tasks, &h)
		}
		return tasks
	}
	switch {
	case o.Part == manifest.CRD:
		return releaseCRD(r, t)
	case m.replace:
		t.action, t.server, t.flags = Replace, true, m.flags(false, t.lax)
	}
	t.member = strings.TrimSpace(o.GetAnnotations()[helmResourcePolicy]) != "keep"
	return []*task{t}
}

// releaseCRD applies a CRD of a chart's crds directory by the policies of install and
// upgrade (internal/action/crds.go). It is never deleted.
func releaseCRD(r *flux.Applier, t *task) []*task {
	install, upgrade := node.Text(r.Root, "spec", "install", "crds"), node.Text(r.Root, "spec", "upgrade", "crds")
	switch {
	case upgrade == "CreateReplace":
	case install != "Skip" || upgrade == "Create":
		t.action = ApplyMissing
	default:
		return nil
	}
	t.wave, t.health = -1, true
	return []*task{t}
}

// sortRelease orders tasks as Helm does: hooks by weight, objects by kind.
func sortRelease(tasks []*task) {
	slices.SortStableFunc(tasks, func(a, b *task) int {
		return cmp.Or(
			cmp.Compare(phaseOrder[a.phase], phaseOrder[b.phase]),
			cmp.Compare(a.wave, b.wave),
			cmp.Compare(rank(a.GetKind(), releaseutil.InstallOrder, nil), rank(b.GetKind(), releaseutil.InstallOrder, nil)),
			strings.Compare(a.GetKind(), b.GetKind()),
			strings.Compare(a.GetName(), b.GetName()),
			strings.Compare(a.GetNamespace(), b.GetNamespace()),
		)
	})
}
