package policy

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const (
	onServer = "server-side"
	onClient = "client-side"
)

// argoApply: on the client by default; Replace wins over either (GitOps Engine
// pkg/sync/sync_context.go applyObject). Force has no effect for a whole Application
// (Argo CD controller/sync.go reads no such option), but as an option of objects.
func argoApply(u *unit) []aspect {
	method := u.method(syncOptions, onClient)
	switch {
	case u.app.SyncOption("Replace=true"):
		method = u.says(syncOptions, "replace", "replaces whole objects", "What others set on the objects, such as replica counts of an autoscaler, is lost there with every sync.")
	case u.app.SyncOption("ServerSideApply=true"):
		method = u.method(syncOptions, onServer)
	}
	force := u.stops(syncOptions)
	if len(u.annotated("argocd.argoproj.io/sync-options", "Force=true")) > 0 {
		force = u.says(u.source.At+".kustomize.patches", "recreates on any conflict", "deletes and recreates objects that cannot be changed, whatever the conflict", recreateNight)
	}
	validation := u.validates(syncOptions)
	if u.app.SyncOption("Validate=false") {
		validation = u.says(syncOptions, "not validated on the client", "applies without the client's validation", "A misspelt field goes unnoticed there.").hidden()
	}
	missing := u.says(syncOptions, "unknown kinds fail", "fails on kinds that the cluster does not know", "One unknown kind holds everything up there until its CRD exists.").hidden()
	if u.app.SyncOption("SkipDryRunOnMissingResource=true") {
		missing = u.says(syncOptions, "unknown kinds skip the dry run", "applies the rest where a kind is unknown yet", "").hidden()
	}
	return []aspect{method, force, validation, missing, u.migration(), u.values(syncOptions)}
}

const recreateNight = "Such an object is deleted there for a moment, with the Pods that it owns."

func (u *unit) method(path, key string) aspect {
	if key == onServer {
		return u.says(path, key, "applies on the server", "Fields that the other tool applied on the client stay there when Git drops them, until its field manager is overridden.")
	}
	return u.says(path, key, "applies on the client", "Fields that are removed from Git go away there only if this tool had applied them.")
}

func (u *unit) stops(path string) aspect {
	return u.says(path, "conflicts stop it", "stops at fields that cannot be changed", "The deployment fails there until somebody deletes the object by hand.").hidden()
}

func (u *unit) validates(path string) aspect {
	return u.says(path, "validated", "validates what it applies", "One invalid object holds the deployment up there.").hidden()
}

// migration: Argo CD takes over fields that it had applied on the client (Argo CD
// controller/sync.go ClientSideApplyMigration).
func (u *unit) migration() aspect {
	const manager = "argocd.argoproj.io/client-side-apply-migration-manager"
	switch {
	case u.app.SyncOption("ClientSideApplyMigration=false"):
		return u.says(syncOptions, "old ownership kept", "does not take over fields that were applied on the client before", "").hidden()
	case u.app.Annotation(manager) != "":
		return u.says("metadata.annotations["+`"`+manager+`"]`, "takes over from "+u.app.Annotation(manager), "takes over the fields of "+u.app.Annotation(manager), "").hidden()
	}
	return u.ownership(syncOptions)
}

func (u *unit) ownership(path string) aspect {
	return u.says(path, "default ownership", "takes fields over as it does by default",
		"Fields that an earlier tool owns stay there until their manager is overridden.").hidden()
}

// fluxApply: a Kustomization is applied on the server with forced ownership after a dry
// run, and force recreates where a field is immutable (fluxcd/pkg ssa/manager_apply.go).
func fluxApply(u *unit) []aspect {
	if u.applier.Release() {
		return u.releaseApply()
	}
	force := u.stops("spec.force")
	if node.True(u.spec(), "force") {
		force = u.says("spec.force", "recreates on immutable fields", "deletes and recreates objects whose immutable fields change", recreateNight).hidden()
	}
	return []aspect{u.method("spec", onServer), force, u.validates("spec"), u.missingKinds(), u.ownership("spec"), u.values("spec")}
}

// values: those of the last release may stay (helm-controller docs, preserveValues), which
// no rendering shows.
func (u *unit) values(path string) aspect {
	return u.says(path, "values of Git alone", "takes values from Git alone", "").hidden()
}

func (u *unit) missingKinds() aspect {
	return u.says("spec", "unknown kinds fail", "fails on kinds that the cluster does not know, and tries again", "One unknown kind holds everything up there until its CRD exists.").hidden()
}

// releaseApply: Helm 4 applies on the server, and upgrades as the release was applied
// before unless told otherwise (helm-controller internal/action/install.go, upgrade.go).
func (u *unit) releaseApply() []aspect {
	install, upgrade := node.Text(u.spec("install"), "serverSideApply"), node.Text(u.spec("upgrade"), "serverSideApply")
	path := "spec.install.serverSideApply"
	method := u.method(path, onServer)
	switch {
	case install == "false" && upgrade != "enabled":
		method = u.method(path, onClient)
	case install == "false":
		method = u.says(path, "client-side install, server-side upgrade", "installs on the client and upgrades on the server", "")
	case upgrade == "disabled":
		method = u.says("spec.upgrade.serverSideApply", "server-side install, client-side upgrade", "installs on the server and upgrades on the client", "")
	}
	force := u.stops("spec.upgrade.force")
	if node.True(u.spec("upgrade"), "force") {
		force = u.says("spec.upgrade.force", "replaces on conflicts", "replaces objects that it cannot patch", recreateNight).hidden()
	}
	validation := u.validates("spec.install.disableOpenAPIValidation")
	for _, action := range []string{"install", "upgrade"} {
		if node.True(u.spec(action), "disableOpenAPIValidation") {
			validation = u.says("spec."+action+".disableOpenAPIValidation", "not validated by Helm on "+action, "leaves the validation to the server on "+action, "").hidden()
		}
	}
	values := u.values("spec.upgrade.preserveValues")
	if node.True(u.spec("upgrade"), "preserveValues") {
		values = u.says("spec.upgrade.preserveValues", "keeps values of the last release", "keeps the values of the last release", "A value that was removed from Git is still used there.").hidden()
	}
	return []aspect{method, force, validation, u.missingKinds(), u.ownership("spec"), values}
}
