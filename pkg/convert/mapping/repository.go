package mapping

import (
	"fmt"
	"path"
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
			ID: "kustomize-plugins", PerSource: true, Always: true,
			ToFlux: Promise{Fidelity: ledger.Unsupported}, Forward: forwardPlugins,
		},
		{
			ID: "repository-files", Flux: []string{"GitRepository:spec.recurseSubmodules"}, Writes: []string{"GitRepository:spec.ignore"},
			PerSource: true, Always: true,
			ToFlux:     Promise{Fidelity: ledger.Equivalent},
			ToArgo:     Promise{Fidelity: ledger.Approximate, Note: "Argo CD fetches submodules, if there are any, unless its repo server is told not to"},
			BackSource: spendSubmodules,
			Forward:    forwardRepositoryFiles,
		},
	}
}

// unseen says what of the source nobody could look at, or "".
func (p *Part) unseen() string {
	switch {
	case p.Repo == nil:
		return "repository not inspected"
	case p.Source.Renderer == argocd.Plugin:
		return "not looked at, as a plugin renders it"
	case p.Scan == nil:
		return "the path is not in the checkout"
	case !p.Scan.Complete():
		return "not looked at: " + some(p.Scan.Unseen)
	}
	return ""
}

// some lists what fits into a line.
func some(items []string) string {
	const most = 8
	if len(items) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(items[:most], ", "), len(items)-most)
	}
	return strings.Join(items, ", ")
}

// protectPatch keeps kustomize-controller from pruning a CRD.
const protectPatch = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: any
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
`

// forwardCRDProtection: Argo CD never tracks, prunes or cascade-deletes a CRD
// (controller/appcontroller.go; reposerver/repository/repository.go).
func forwardCRDProtection(c *Cell) {
	if c.part.kustomization() == nil || c.part.onlyChildren() {
		return
	}
	to := c.patch(c.part.Work, object.RankProtect, node.Map("kind", "CustomResourceDefinition"), protectPatch)
	c.absent(c.hookPath(), Verdict{To: []Target{to}})
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
	c.unmet()
	if p.Scan != nil && len(p.Scan.Waves) > 0 && !p.onlyChildren() {
		c.absent(at, approximate("manifests have sync waves ("+strings.Join(p.Scan.Waves, ", ")+"); one Kustomization applies CRDs, namespaces and classes first and the rest together").as("manifest-waves"))
	}
}

// forwardPlugins: Flux builds without Helm and without plugins that are not built in
// (fluxcd/pkg kustomize Build: DisabledPluginConfig); Argo CD does what the build
// options of argocd-cm allow.
func forwardPlugins(c *Cell) {
	p := c.part
	if p.kustomization() == nil || p.Scan == nil {
		return
	}
	if len(p.Scan.Charts) > 0 {
		c.absent(p.Source.At, blocking("Flux never inflates Helm charts in a kustomization, the build fails: make each chart a source of its own, or commit what it renders ("+some(p.Scan.Charts)+")").as("kustomize-helm-charts"))
	}
	if len(p.Scan.Plugins) > 0 {
		c.absent(p.Source.At, blocking("Flux runs no plugins of kustomize, the build fails: commit what they render ("+some(p.Scan.Plugins)+")"))
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
		c.absent(p.Source.At, equivalent("files that Flux leaves out by default are needed ("+some(p.Scan.Excluded)+")", to))
	}
}

// edits are what the Application changes of the kustomization file; components are
// those that the checkout has.
func (p *Part) edits() (e checkout.Edits) {
	k := node.Get(p.Source.Node, "kustomize")
	e.Namespace, e.NamePrefix, e.NameSuffix = node.Text(k, "namespace"), node.Text(k, "namePrefix"), node.Text(k, "nameSuffix")
	for _, item := range node.Items(k, "components") {
		for _, name := range p.Repo.Glob(path.Join(p.Source.Dir(), item.Value)) {
			e.Components = append(e.Components, relative(p.Source.Dir(), name))
		}
	}
	return e
}
