// Package hook reads which manifests Argo CD and Helm run as hooks, when, and what
// becomes of them (gitops-engine pkg/sync/hook, pkg/sync/syncwaves).
package hook

import (
	"slices"
	"strconv"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// The annotations of gitops-engine (pkg/sync/common/types.go) and of Helm.
const (
	Annotation       = "argocd.argoproj.io/hook"
	policyAnnotation = "argocd.argoproj.io/hook-delete-policy"
	WaveAnnotation   = "argocd.argoproj.io/sync-wave"
	HelmAnnotation   = "helm.sh/hook"
	helmPolicy       = "helm.sh/hook-delete-policy"
	helmWeight       = "helm.sh/hook-weight"
)

// The phases of a sync in which hooks run.
const (
	PreSync  = "PreSync"
	Sync     = "Sync"
	PostSync = "PostSync"
	SyncFail = "SyncFail"
)

// skip is the type of what is left out of syncs.
const skip = "Skip"

// The delete policies.
const (
	BeforeCreation = "BeforeHookCreation"
	Succeeded      = "HookSucceeded"
	Failed         = "HookFailed"
)

var (
	phases       = []string{PreSync, Sync, PostSync, SyncFail} // in their order
	helmPhases   = map[string]string{"pre-install": PreSync, "pre-upgrade": PreSync, "post-install": PostSync, "post-upgrade": PostSync}
	helmPolicies = map[string]string{"before-hook-creation": BeforeCreation, "hook-succeeded": Succeeded, "hook-failed": Failed}
)

// Phases returns the phases in which Argo CD runs a hook, in their order: none for a hook
// that no sync runs. ok is false for what is no hook. Helm's annotation counts where Argo CD's
// names no type that is known.
func Phases(o *manifest.Object) (in []string, ok bool) {
	annotations := o.GetAnnotations()
	_, argo := annotations[Annotation]
	helm, isHelm := annotations[HelmAnnotation]
	// Helm 2 marked CRDs so (pkg/sync/hook/helm/hook.go IsHook).
	if !argo && (!isHelm || helm == "crd-install") {
		return nil, false
	}
	if types := argoTypes(o); len(types) > 0 {
		return ordered(types), true
	}
	return HelmPhases(o), true
}

// Skipped tells whether Argo CD leaves the object out of every sync, and out of pruning.
func Skipped(o *manifest.Object) bool { return slices.Equal(argoTypes(o), []string{skip}) }

// argoTypes are the types of Argo CD's annotation that a sync knows.
func argoTypes(o *manifest.Object) []string {
	return slices.DeleteFunc(o.AnnotationList(Annotation), func(name string) bool {
		return name != skip && !slices.Contains(phases, name)
	})
}

// HelmPhases returns the phases that stand for the events of Helm's annotation: before or
// after an install or upgrade.
func HelmPhases(o *manifest.Object) []string {
	return ordered(known(o, HelmAnnotation, helmPhases))
}

func ordered(names []string) (in []string) {
	for _, phase := range phases {
		if slices.Contains(names, phase) {
			in = append(in, phase)
		}
	}
	return in
}

// DeletePolicies returns those of a hook, in Argo CD's terms; without any, an earlier run is
// deleted before the next (delete_policy.go).
func DeletePolicies(o *manifest.Object) []string {
	policies := slices.DeleteFunc(o.AnnotationList(policyAnnotation), func(name string) bool {
		return !slices.Contains([]string{BeforeCreation, Succeeded, Failed}, name)
	})
	for _, policy := range known(o, helmPolicy, helmPolicies) {
		if !slices.Contains(policies, policy) {
			policies = append(policies, policy)
		}
	}
	if len(policies) == 0 {
		return []string{BeforeCreation}
	}
	return policies
}

// known are the names that stand for the items of an annotation.
func known(o *manifest.Object, annotation string, names map[string]string) (found []string) {
	for _, item := range o.AnnotationList(annotation) {
		if name, ok := names[item]; ok {
			found = append(found, name)
		}
	}
	return found
}

// Wave of an object: Argo CD's, else the weight of Helm's hooks (syncwaves/waves.go).
func Wave(o *manifest.Object) int {
	for _, key := range []string{WaveAnnotation, helmWeight} {
		if n, err := strconv.Atoi(o.GetAnnotations()[key]); err == nil {
			return n
		}
	}
	return 0
}
