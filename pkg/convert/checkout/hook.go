package checkout

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Hook is a manifest with the annotation argocd.argoproj.io/hook, or with
// helm.sh/hook, which Argo CD takes for the like of it.
type Hook struct {
	Kind, Name, File string
	// Types are the phases in Argo CD's terms, for example PreSync.
	Types []string
	// Helm tells that only helm.sh/hook marks the manifest.
	Helm bool
	// Nameless tells that the manifest has only generateName.
	Nameless bool
}

// Deploys tells whether a sync that goes well deploys the hook (GitOps Engine
// sync/hook/hook.go; controller/state.go partitionTargetObjsForSync).
func (h Hook) Deploys() bool {
	return slices.ContainsFunc(h.Types, func(t string) bool {
		return t == "PreSync" || t == "Sync" || t == "PostSync"
	})
}

// Runs tells whether Argo CD ever deploys the hook.
func (h Hook) Runs() bool {
	return h.Deploys() || slices.ContainsFunc(h.Types, func(t string) bool {
		return t == "SyncFail" || t == "PreDelete" || t == "PostDelete"
	})
}

// phases are what Argo CD makes of Helm's hooks (GitOps Engine sync/hook/helm/type.go,
// controller/hook.go); others, such as test, it never deploys.
var phases = map[string]string{
	"pre-install": "PreSync", "pre-upgrade": "PreSync", "post-install": "PostSync",
	"post-upgrade": "PostSync", "pre-delete": "PreDelete", "post-delete": "PostDelete",
}

func hookTypes(annotations *yaml.Node) (types []string, helm bool) {
	if hook := node.Text(annotations, hookAnnotation); hook != "" {
		return list(hook), false
	}
	hook := node.Text(annotations, helmAnnotation)
	if hook == "" || hook == "crd-install" { // an ordinary object (sync/hook/helm/hook.go)
		return nil, false
	}
	for _, name := range list(hook) {
		if phase, ok := phases[name]; ok && !slices.Contains(types, phase) {
			types = append(types, phase)
		}
	}
	if len(types) == 0 {
		types = []string{"Skip"}
	}
	return types, true
}

func list(text string) (items []string) {
	for item := range strings.SplitSeq(text, ",") {
		items = append(items, strings.TrimSpace(item))
	}
	return items
}
