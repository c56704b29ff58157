package plan

import (
	"slices"
	"strconv"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// Annotations of gitops-engine and Helm (gitops-engine pkg/sync/common/types.go,
// pkg/sync/hook).
const (
	hookAnnotation       = "argocd.argoproj.io/hook"
	hookPolicyAnnotation = "argocd.argoproj.io/hook-delete-policy"
	waveAnnotation       = "argocd.argoproj.io/sync-wave"
	optionsAnnotation    = "argocd.argoproj.io/sync-options"
	helmHook             = "helm.sh/hook"
	helmHookPolicy       = "helm.sh/hook-delete-policy"
	helmWeight           = "helm.sh/hook-weight"
	helmResourcePolicy   = "helm.sh/resource-policy"
)

// Delete policies of hooks.
const (
	beforeCreation = "BeforeHookCreation"
	succeeded      = "HookSucceeded"
	failed         = "HookFailed"
)

var helmPhases = map[string]Phase{
	"pre-install": PreSync, "pre-upgrade": PreSync, "post-install": PostSync, "post-upgrade": PostSync,
}

var helmPolicies = map[string]string{
	"before-hook-creation": beforeCreation, "hook-succeeded": succeeded, "hook-failed": failed,
}

// isHook tells whether Argo CD or Helm runs the object as a hook. skip tells that it
// is left out of every sync (hook.go IsHook, Skip).
func isHook(o *manifest.Object) (hook, skip bool) {
	phases, types := hookPhases(o)
	if _, ok := o.GetAnnotations()[hookAnnotation]; ok {
		skip = len(phases) == 0 && len(types) == 1 && types[0] == "Skip"
		return !skip, skip
	}
	value, ok := o.GetAnnotations()[helmHook]
	return ok && value != "crd-install", false
}

// hookPhases are the phases that a hook runs in, in order, and the types that its
// annotation of Argo CD names and knows. Helm's annotation counts where there are none.
func hookPhases(o *manifest.Object) (phases []Phase, types []string) {
	for _, text := range csv(o, hookAnnotation) {
		if slices.Contains([]string{string(PreSync), string(Sync), string(PostSync), string(SyncFail), "Skip"}, text) {
			types = append(types, text)
		}
	}
	if len(types) == 0 {
		return helmHookPhases(o), nil
	}
	for _, phase := range []Phase{PreSync, Sync, PostSync, SyncFail} {
		if slices.Contains(types, string(phase)) {
			phases = append(phases, phase)
		}
	}
	return phases, types
}

func helmHookPhases(o *manifest.Object) (phases []Phase) {
	for _, text := range csv(o, helmHook) {
		if phase, ok := helmPhases[text]; ok && !slices.Contains(phases, phase) {
			phases = append(phases, phase)
		}
	}
	slices.SortFunc(phases, func(a, b Phase) int { return phaseOrder[a] - phaseOrder[b] })
	return phases
}

// deletePolicies of a hook; without any, an earlier run is deleted before the next
// (delete_policy.go).
func deletePolicies(o *manifest.Object) (policies []string) {
	for _, text := range csv(o, hookPolicyAnnotation) {
		if slices.Contains([]string{beforeCreation, succeeded, failed}, text) {
			policies = append(policies, text)
		}
	}
	for _, text := range csv(o, helmHookPolicy) {
		if policy, ok := helmPolicies[text]; ok && !slices.Contains(policies, policy) {
			policies = append(policies, policy)
		}
	}
	if len(policies) == 0 {
		return []string{beforeCreation}
	}
	return policies
}

// wave of an object: Argo CD's, else the weight of Helm's hooks (syncwaves/waves.go).
func wave(o *manifest.Object) int {
	for _, key := range []string{waveAnnotation, helmWeight} {
		if n, err := strconv.Atoi(o.GetAnnotations()[key]); err == nil {
			return n
		}
	}
	return 0
}
