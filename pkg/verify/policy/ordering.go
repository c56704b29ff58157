package policy

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const (
	byWave = "wave by wave inside"
	byKind = "by kind inside"
)

// argoOrdering: a wave orders the Application among others of the same parent; inside,
// the manifests' own waves count, each after the last is healthy (GitOps Engine
// pkg/sync/sync_tasks.go).
func argoOrdering(u *unit) []aspect {
	path := `metadata.annotations["argocd.argoproj.io/sync-wave"]`
	after := u.unordered(path)
	if wave := u.app.Annotation("argocd.argoproj.io/sync-wave"); wave != "" && wave != "0" {
		after = u.says(path, "wave "+wave+" of its parent", "is deployed in wave "+wave+" of the Application that deploys it", "It is deployed there only after the waves before are healthy, if Argo CD assesses the health of Applications.")
	}
	inside := u.says(u.source.At, byWave, "applies the manifests wave by wave, each once the last is healthy", "").hidden()
	return []aspect{after, inside.open(ByWaves, wavesOpen, "by kind*")}
}

const wavesOpen = "Whether manifests have sync waves, which order them in Argo CD only, is decided by the content of the repository: look for argocd.argoproj.io/sync-wave."

func (u *unit) unordered(path string) aspect {
	return u.says(path, "waits for nothing", "waits for nothing else", "It is deployed there even while what it needs is broken or missing.")
}

// fluxOrdering: dependsOn waits for others to be ready (kustomize-controller docs,
// Dependencies); inside, kinds are applied in stages (fluxcd/pkg ssa/manager_apply.go
// ApplyAllStaged), or in Helm's order. What belongs to the same deployment is no order of
// its own.
func fluxOrdering(u *unit) []aspect {
	after := u.unordered("spec.dependsOn")
	var names []string
	for i, ref := range u.applier.DependsOn() {
		if u.sibling(ref) {
			continue
		}
		name := ref.Name
		if expr := node.Text(node.Items(u.spec(), "dependsOn")[i], "readyExpr"); expr != "" {
			name += " (" + expr + ")"
		}
		names = appendNew(names, name)
	}
	if slices.Sort(names); len(names) > 0 {
		list := strings.Join(names, ", ")
		after = u.says("spec.dependsOn", "after "+list, "waits until "+list+" is ready", "While that is not ready nothing is deployed there, a fix neither.")
	}
	key := byKind
	if u.applier.Release() {
		key += ", as Helm does"
	}
	inside := u.says("spec", key, "applies CRDs and namespaces first and the rest together", "").hidden()
	return []aspect{after, inside.open(ByWaves, wavesOpen, byWave, "by kind*")}
}

// sibling tells whether the object that is meant belongs to the same deployment.
func (u *unit) sibling(ref flux.Ref) bool {
	for _, m := range u.of.Appliers {
		if m.Kind == ref.Kind && m.Name == ref.Name && m.Namespace == ref.Namespace {
			return true
		}
	}
	return false
}
