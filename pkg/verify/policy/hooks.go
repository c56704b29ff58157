package policy

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const (
	hookAnnotation = "argocd.argoproj.io/hook"
	hooksOpen      = "Whether there are hooks among the manifests is decided by the content of the repository: look for argocd.argoproj.io/hook and helm.sh/hook."
)

const (
	hooksInPhases = "run in their phases"
	hooksPlain    = "applied as ordinary objects"
	hooksStripped = "those of failure and deletion left out, others ordinary objects"
	hooksOfHelm   = "run on install and upgrade"
)

// argoHooks: hooks of either annotation run in their phase of every sync, and tests never
// (GitOps Engine pkg/sync/hook, pkg/sync/hook/helm/type.go).
func argoHooks(u *unit) []aspect {
	hooks := u.says(u.source.At, hooksInPhases, "runs hooks in their phases of every sync", "").
		open(ByHooks, hooksOpen, hooksPlain, hooksStripped, hooksOfHelm)
	role := u.ordinary("metadata.annotations")
	if types := u.app.Annotation(hookAnnotation); types != "" {
		role = u.says(`metadata.annotations["`+hookAnnotation+`"]`, "is a "+types+" hook itself", "is deployed as a "+types+" hook of the Application that deploys it", "").hidden()
	}
	return []aspect{hooks, u.untested(u.source.At), u.deletionHooks(u.source.At), role}
}

func (u *unit) ordinary(path string) aspect {
	return u.says(path, "is no hook itself", "is deployed like any other object", "").hidden()
}

func (u *unit) untested(path string) aspect {
	return u.says(path, "tests never run", "never runs Helm tests", "A release that its tests would have refused stays there.").hidden()
}

func (u *unit) deletionHooks(path string) aspect {
	return u.says(path, "hooks of deletion as in the manifests", "does with hooks of deletion as with others", "").hidden()
}

// fluxHooks: a Kustomization applies hooks like any object, unless a patch deletes them;
// Helm runs those of a chart on install and upgrade (helm-controller docs, disableHooks;
// Test configuration).
func fluxHooks(u *unit) []aspect {
	if !u.applier.Release() {
		hooks := u.says("spec.patches", hooksPlain, "applies hooks at once as ordinary objects", "A hook that drops a database on deletion runs there at once.")
		if u.strips() {
			hooks = u.says("spec.patches", hooksStripped, "leaves hooks of failure and deletion out and applies others as objects", "")
		}
		return []aspect{hooks.open(ByHooks, hooksOpen, hooksInPhases, hooksOfHelm, hooksPlain, hooksStripped), u.untested("spec"), u.deletionHooks("spec"), u.ordinary("metadata.annotations")}
	}
	hooks := u.says("spec.install.disableHooks", hooksOfHelm, "runs the chart's hooks when it installs or upgrades", "").
		open(ByHooks, hooksOpen, hooksInPhases, hooksPlain, hooksStripped)
	for _, action := range []string{"install", "upgrade"} {
		if node.True(u.spec(action), "disableHooks") {
			hooks = u.says("spec."+action+".disableHooks", "not run on "+action, "runs no hooks on "+action, "What a hook prepares, such as a database migration, is missing there.")
		}
	}
	tests := u.untested("spec.test.enable")
	if node.True(u.spec("test"), "enable") {
		tests = u.says("spec.test.enable", "tests run", "runs the chart's tests after install and upgrade", "A test that fails makes the release fail there.").hidden()
	}
	deletion := u.deletionHooks("spec.uninstall.disableHooks")
	if node.True(u.spec("uninstall"), "disableHooks") {
		deletion = u.says("spec.uninstall.disableHooks", "no hooks of deletion", "runs no hooks on deletion", "").hidden()
	}
	return []aspect{hooks, tests, deletion, u.ordinary("metadata.annotations")}
}

// strips tells whether a patch deletes the hooks that no sync deploys.
func (u *unit) strips() bool {
	for _, item := range node.Items(u.spec(), "patches") {
		if strings.Contains(node.Text(item, "patch"), "$patch: delete") && strings.Contains(node.Text(item, "target", "annotationSelector"), hookAnnotation) {
			return true
		}
	}
	return false
}
