package content

import (
	"maps"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

const (
	fluxGroup = "kustomize.toolkit.fluxcd.io/"
	helmGroup = "helm.toolkit.fluxcd.io/"
	argoGroup = "argocd.argoproj.io/"
	ourGroup  = "kubectl-gitops.io/"
)

// A mark is a label or an annotation of a whole object, never of a pod template, by
// which a tool knows or steers it. What it makes the tool do is compared with the
// sync policy; it is not what is deployed.
type mark struct {
	key               string
	label, annotation bool
	why               string
}

// marks are dropped on both sides, whichever tool applies them. All other keys of these
// groups are content: both sides get them from the same source, and one that is on one
// side only is a mistake. That goes for app.kubernetes.io/instance, which pkg/render does
// not write where Argo CD would track by it, so that it is always the source's own.
var marks = []mark{
	{fluxGroup + "name", true, false, "owner (kustomize-controller internal/controller/kustomization_controller.go apply, ssa.ResourceManager.SetOwnerLabels)"},
	{fluxGroup + "namespace", true, false, "owner, as above"},
	{fluxGroup + "checksum", true, true, "owner, written by the first versions of kustomize-controller"},
	{fluxGroup + "prune", true, true, "pruning (kustomization_controller.go prune)"},
	{fluxGroup + "ssa", true, true, "how to apply (kustomization_controller.go apply)"},
	{fluxGroup + "force", true, true, "recreating what cannot change (fluxcd/pkg ssa/manager_apply.go)"},
	{fluxGroup + "substitute", true, true, "variables, which are replaced by now (fluxcd/pkg kustomize/kustomize_varsub.go)"},
	{fluxGroup + "reconcile", true, true, "leaving out (kustomization_controller.go apply)"},
	{fluxGroup + "decrypt", false, true, "decryption, which is done by now (internal/decryptor/decryptor.go IsDecryptionDisabled)"},
	{helmGroup + "name", true, false, "owner (helm-controller internal/postrender/build.go)"},
	{helmGroup + "namespace", true, false, "owner, as above"},
	{helmGroup + "driftDetection", true, true, "drift (helm-controller internal/action/diff.go)"},
	{argoGroup + "tracking-id", false, true, "owner (argo-cd common/common.go AnnotationKeyAppInstance)"},
	{argoGroup + "installation-id", false, true, "owner (common/common.go AnnotationInstallationID)"},
	{argoGroup + "hook", false, true, "phases of hooks, which are compared as Part (gitops-engine pkg/sync/common/types.go)"},
	{argoGroup + "hook-delete-policy", false, true, "deletion of hooks (common/types.go)"},
	{argoGroup + "sync-wave", false, true, "order (common/types.go)"},
	{argoGroup + "sync-options", false, true, "how to apply, prune and delete (common/types.go)"},
	{argoGroup + "compare-options", false, true, "what counts as drift (argo-cd common/common.go AnnotationCompareOptions)"},
	{"helm.sh/resource-policy", false, true, "deletion: Helm heeds it, and Argo CD where an Application is deleted (helm pkg/kube/resource_policy.go)"},
	{ourGroup + "preserved", false, true, "our record of the input of a conversion"},
	{ourGroup + "part-of", false, true, "our record of which objects were one Application"},
}

// helmMarks are what Helm adds to what it installs (helm pkg/action/validate.go
// setMetadataVisitor). Argo CD only templates. They are dropped where Helm installs on one
// side only and the other lacks them; one that the chart writes as well is compared.
var helmMarks = []struct{ place, key, value string }{
	{"labels", "app.kubernetes.io/managed-by", "Helm"},
	{"annotations", "meta.helm.sh/release-name", ""},
	{"annotations", "meta.helm.sh/release-namespace", ""},
}

// dropMarks takes the marks off an object's metadata.
func dropMarks(metadata map[string]any) {
	for _, place := range []string{"labels", "annotations"} {
		pairs, ok := metadata[place].(map[string]any)
		if !ok {
			continue
		}
		maps.DeleteFunc(pairs, func(key string, _ any) bool {
			return slices.ContainsFunc(marks, func(m mark) bool {
				return m.key == key && (m.label && place == "labels" || m.annotation && place == "annotations")
			})
		})
	}
}

// installed tells whether Flux installs an object by Helm.
func installed(side Side, o *manifest.Object) bool {
	_, marked := o.GetLabels()[helmGroup+"name"]
	return marked && side.Tool == Flux
}

// dropHelmMarks takes off what Helm adds and the other side lacks.
func dropHelmMarks(metadata, other map[string]any) {
	for _, m := range helmMarks {
		pairs, _ := metadata[m.place].(map[string]any)
		others, _ := other[m.place].(map[string]any)
		if _, both := others[m.key]; !both && (m.value == "" || pairs[m.key] == m.value) {
			delete(pairs, m.key)
		}
	}
}
