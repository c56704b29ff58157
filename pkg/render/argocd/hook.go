package argocd

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// hookPhases returns the phases that a hook runs in, in their order: nil for what is no
// hook, and none for a hook that no sync runs (gitops-engine pkg/sync/hook, ignore).
func hookPhases(o *manifest.Object) []string {
	annotations := o.GetAnnotations()
	argo, isArgo := annotations["argocd.argoproj.io/hook"]
	helm, isHelm := annotations["helm.sh/hook"]
	types := known(argo, argoPhases)
	if len(types) == 0 {
		types = known(helm, helmPhases)
	}
	switch {
	case slices.Equal(types, []string{"Skip"}):
		return []string{}
	case !isArgo && (!isHelm || helm == "crd-install"):
		return nil
	}
	return slices.DeleteFunc(types, func(phase string) bool { return phase == "Skip" })
}

var (
	argoPhases = map[string]string{"PreSync": "PreSync", "Sync": "Sync", "PostSync": "PostSync", "SyncFail": "SyncFail", "Skip": "Skip"}
	helmPhases = map[string]string{"pre-install": "PreSync", "pre-upgrade": "PreSync", "post-install": "PostSync", "post-upgrade": "PostSync"}
)

// known returns the phases of a comma-separated list, each once and sorted; others are
// passed over.
func known(list string, phases map[string]string) []string {
	found := []string{}
	for item := range strings.SplitSeq(list, ",") {
		if phase, ok := phases[strings.TrimSpace(item)]; ok {
			found = append(found, phase)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
