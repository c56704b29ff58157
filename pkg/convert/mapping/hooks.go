package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Rows about what the repository holds. They have no field of the Application.
func repositoryRows() []Row {
	patches := []string{"Kustomization:spec.patches[].patch"}
	return []Row{
		{
			ID: "hooks", Writes: patches, PerSource: true, Always: true,
			ToFlux: Promise{Fidelity: ledger.Approximate}, Forward: forwardHooks,
		},
		{
			ID: "crd-protection", Writes: patches, PerSource: true, Always: true,
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "crds: kept on delete, as Argo CD does"},
			Forward: forwardCRDProtection,
		},
		{
			ID: "hidden-overrides", PerSource: true, Always: true,
			ToFlux: Promise{Fidelity: ledger.Approximate}, Forward: forwardHidden,
		},
		{
			ID: "repository-files", Flux: []string{"GitRepository:spec.recurseSubmodules"}, Writes: []string{"GitRepository:spec.ignore"},
			PerSource: true, Always: true,
			ToFlux:  Promise{Fidelity: ledger.Equivalent},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "Argo CD fetches submodules by default"},
			Forward: forwardRepositoryFiles,
		},
		{
			ID: "multi-source", Argo: []string{"spec.sources"}, Always: true,
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "Argo CD syncs all sources as one; Flux reconciles each on its own"},
			Forward: forwardMulti,
		},
	}
}

const hookAnnotation = "argocd.argoproj.io/hook"

// deletePatch removes what its target selects.
const deletePatch = "$patch: delete\nkind: x\nmetadata:\n  name: x\n"

// forwardHooks: Flux would apply a hook as an ordinary object, at once and once
// (Argo CD controller/hook.go; GitOps Engine sync/hook).
func forwardHooks(c *Cell) {
	p := c.part
	if p.kustomization() == nil {
		return
	}
	path := p.Source.At + ".kustomize.patches"
	if p.Scan != nil && p.Scan.Complete && len(p.Scan.Hooks) == 0 {
		return
	}
	to := c.patch(p.Work, object.RankStrip,
		node.Map("annotationSelector", hookAnnotation+" in (PostDelete,PreDelete,SyncFail,Skip)"), deletePatch)
	if p.Scan == nil || len(p.Scan.Hooks) == 0 {
		c.absent(path, approximate("repository not inspected: hooks of deletion and failure are stripped; PreSync, Sync and PostSync hooks would run as ordinary objects. Pass --source", to))
		return
	}
	c.foundHooks(path, to)
}

func (c *Cell) foundHooks(path string, strip Target) {
	for _, h := range c.part.Scan.Hooks {
		name := h.Kind + "/" + h.Name
		switch {
		case h.Nameless:
			c.absent(path, blocking(fmt.Sprintf("hook %s in %s has generateName, which fails a kustomize build: give it a name", h.Kind, h.File)).as("hook-nameless"))
		case stripped(h):
			to := strip
			if len(h.Types) > 1 || h.Helm {
				to = c.patch(c.part.Work, object.RankStrip, node.Map("kind", h.Kind, "name", "^"+quoteMeta(h.Name)+"$"), deletePatch)
			}
			c.absent(path, Verdict{ID: "hook-stripped", To: []Target{to}, Promise: Promise{
				Fidelity: ledger.Unsupported,
				Note:     fmt.Sprintf("%s (%s) not deployed; Flux has no such hooks", name, strings.Join(h.Types, ",")),
			}})
		case h.Helm:
			c.absent(path, approximate(fmt.Sprintf("%s (%s) %s", name, strings.Join(h.Types, ","), helmHookAdvice)).as("hook-helm"))
		default:
			c.absent(path, approximate(fmt.Sprintf("%s (%s) %s", name, strings.Join(h.Types, ","), hookAdvice)).as("hook-ordinary"))
		}
	}
	c.splitHooks()
}

// helmHookAdvice is for hooks that no selector of annotations splits off.
const helmHookAdvice = "is marked by helm.sh/hook only and would run as an ordinary object, once: mark it with argocd.argoproj.io/hook or move it to a path of its own"

const hookAdvice = "runs when its spec changes, not on every sync; it is recreated then"

// stripped tells whether no phase of the hook exists in Flux.
func stripped(h checkout.Hook) bool {
	return !slices.ContainsFunc(h.Types, func(t string) bool {
		return t == "PreSync" || t == "Sync" || t == "PostSync"
	})
}

// splitHooks moves PreSync and PostSync hooks to Kustomizations of their own, which
// wait, before and after the main one.
func (c *Cell) splitHooks() {
	for _, phase := range []string{"PreSync", "PostSync"} {
		if slices.ContainsFunc(c.part.Scan.Hooks, func(h checkout.Hook) bool {
			return !h.Nameless && !h.Helm && len(h.Types) == 1 && h.Types[0] == phase
		}) {
			c.part.phases = append(c.part.phases, phase)
		}
	}
}

// forwardCRDProtection: Argo CD never tracks, prunes or cascade-deletes a CRD
// (controller/appcontroller.go; reposerver/repository/repository.go).
func forwardCRDProtection(c *Cell) {
	if c.part.kustomization() == nil {
		return
	}
	to := c.patch(c.part.Work, object.RankProtect, node.Map("kind", "CustomResourceDefinition"),
		`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: any
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
`)
	c.absent(c.part.Source.At+".kustomize.patches", Verdict{To: []Target{to}})
}

// forwardHidden: overrides beside the manifests belong to the source
// (reposerver/repository/repository.go mergeSourceParameters).
func forwardHidden(c *Cell) {
	p := c.part
	if p.Work == nil || p.Source.Chart != "" {
		return
	}
	at := p.Source.At
	switch {
	case p.Source.Renderer == argocd.Plugin:
		c.absent(at, blocking("a .argocd-source file of the repository names a config management plugin").as("hidden-plugin"))
	case p.Repo == nil:
		c.absent(at, approximate("repository not inspected: .argocd-source.yaml and .argocd-source-"+c.app().InstanceName()+".yaml may hold more settings; submodules, and files that Flux leaves out by default (.png, .zip and so on), may be missing"))
	case len(p.hidden) > 0:
		c.absent(at, approximate(strings.Join(p.hidden, ", ")+" merged: frozen as of the conversion"))
	}
	if p.Scan != nil && len(p.Scan.Applications) > 0 {
		c.absent(at, blocking("holds Argo CD objects, which Flux would apply as such: convert them and point the path at the result ("+strings.Join(p.Scan.Applications, ", ")+")").as("app-of-apps"))
	}
	if p.Scan != nil && len(p.Scan.Waves) > 1 {
		c.absent(at, approximate("manifests have sync waves ("+strings.Join(p.Scan.Waves, ", ")+"); one Kustomization applies CRDs, namespaces and classes first and the rest together").as("manifest-waves"))
	}
}

// forwardRepositoryFiles: Argo CD fetches submodules and every file; Flux leaves
// both submodules and some file types out by default (fluxcd/pkg sourceignore).
func forwardRepositoryFiles(c *Cell) {
	p := c.part
	if p.Origin == nil || p.Origin.Kind != flux.GitRepository || p.Repo == nil {
		return
	}
	if p.Repo.Submodules() {
		to := c.set(p.Origin, "spec.recurseSubmodules", node.Bool(true))
		c.absent(p.Source.At, equivalent("the repository has submodules, which Argo CD fetches by default", to))
	}
	if p.Scan != nil && len(p.Scan.Excluded) > 0 && p.Origin.Get("spec", "ignore") == nil && !p.composed() {
		to := c.set(p.Origin, "spec.ignore", node.String(".git/\n"))
		c.absent(p.Source.At, equivalent("files that Flux leaves out by default are needed ("+few(p.Scan.Excluded)+")", to))
	}
}

func forwardMulti(c *Cell) {
	if len(c.unit.works()) > 1 {
		c.about("spec.sources", Verdict{})
		return
	}
	c.say(implied("no second source deploys"))
}
