package policy

import (
	"strconv"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
)

// automated is the block that makes Argo CD sync by itself.
const automated = "spec.syncPolicy.automated"

// frozen tells whether an Application is left alone altogether (Argo CD
// controller/appcontroller.go canProcessApp).
func (u *unit) frozen() bool {
	skip, err := strconv.ParseBool(u.app.Annotation("argocd.argoproj.io/skip-reconcile"))
	return err == nil && skip
}

// argoAutomation: without automated, or with enabled: false, nothing is deployed unasked
// (Argo CD types.go IsAutomatedSyncEnabled). Sync windows are the project's.
func argoAutomation(u *unit) []aspect {
	mode := u.says(automated, "automatic", "deploys new revisions by itself", "Every commit is deployed there without anybody asking.")
	switch {
	case u.frozen():
		mode = u.suspended(`metadata.annotations["argocd.argoproj.io/skip-reconcile"]`)
	case !u.app.Automated():
		mode = u.says(automated, "manual", "shows what is new and waits for a person to sync", "A fix that you push is deployed there only when somebody syncs.")
	}
	return []aspect{mode, u.windows()}
}

func (u *unit) suspended(path string) aspect {
	return u.says(path, "suspended", "is suspended and does nothing",
		"Until somebody resumes it, no fix that you push is deployed there, no drift is undone and nothing is deleted.")
}

// windows: a project may allow or deny syncs by the clock (Argo CD types.go SyncWindows).
func (u *unit) windows() aspect {
	for _, o := range u.of.Side.Objects.Kind("AppProject") {
		project := &argocd.Project{Root: o.Root}
		if o.Name == u.app.Project && len(project.Windows(u.app)) > 0 {
			a := aspect{
				key: "in the sync windows of its project", does: "syncs only as the sync windows of AppProject " + o.Name + " allow",
				night: "Outside of the windows nothing is deployed there, be it a fix.", where: elsewhere(o, "spec.syncWindows"),
			}
			return a
		}
	}
	return u.anyTime("spec.project")
}

func (u *unit) anyTime(path string) aspect {
	return u.says(path, "at any time", "syncs at any time", "It is also deployed there when a sync window would have held it back.").hidden()
}

// fluxAutomation: everything is automatic unless suspended (kustomize-controller and
// helm-controller docs, Suspend).
func fluxAutomation(u *unit) []aspect {
	mode := u.says("spec.suspend", "automatic", "deploys new revisions by itself", "Every commit is deployed there without anybody asking.")
	if u.applier.Suspended() {
		mode = u.suspended("spec.suspend")
	}
	return []aspect{mode, u.anyTime("spec.suspend")}
}
