package cutover

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// preflight lists what has to be true before the first change.
func preflight(apps []*app, old []use, o Options) []Step {
	steps := append(append(served(apps), refused(old)...), origin(o))
	if o.To == convert.ToFlux {
		return append(steps, toFlux(apps, o)...)
	}
	return append(steps, toArgo(apps)...)
}

// served asks for the API versions that the new objects have.
func served(apps []*app) []Step {
	var kinds []string
	for _, a := range apps {
		for _, t := range a.targets {
			kinds = append(kinds, fmt.Sprintf("kubectl explain %s --api-version=%s", strings.ToLower(t.Kind), Word(t.APIVersion)))
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	return []Step{{What: "The cluster serves the API versions of the new objects", Commands: unique(kinds)}}
}

// origin asks what applies the objects that move: it would undo each step. Of parents
// only those in the input are known.
func origin(o Options) Step {
	step := Step{What: "Nothing outside of this plan applies these objects",
		Why: "A parent from Git, such as a root Kustomization, an app-of-apps or an ApplicationSet, that is not in the input would turn them on again or prune what is created. Freeze it first, as this plan does with those that it knows, and take the old objects out of its source before it goes on."}
	if o.To == convert.ToFlux {
		step.Commands = []string{
			"kubectl get applications.argoproj.io -A -o custom-columns=NAME:.metadata.name,LABELS:.metadata.labels,TRACKING:.metadata.annotations,OWNERS:.metadata.ownerReferences"}
	} else {
		step.Commands = []string{
			"kubectl get kustomizations.kustomize.toolkit.fluxcd.io,helmreleases.helm.toolkit.fluxcd.io -A -L kustomize.toolkit.fluxcd.io/name,kustomize.toolkit.fluxcd.io/namespace"}
	}
	return step
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

func has(apps []*app, kind string) bool {
	return slices.ContainsFunc(apps, func(a *app) bool {
		return a.Kind == kind || slices.ContainsFunc(a.targets, func(t thing) bool { return t.Kind == kind })
	})
}

func toFlux(apps []*app, o Options) (steps []Step) {
	if has(apps, flux.Kustomization.Name) {
		steps = append(steps, Step{
			What: "kustomize-controller runs with --override-manager=argocd-controller",
			Why:  "Argo CD owns the fields that it applied. Without the flag, fields that are later removed from Git stay in the cluster.",
			Commands: []string{fmt.Sprintf(
				"kubectl get deployments.apps kustomize-controller -n %s -o jsonpath='{.spec.template.spec.containers[0].args}'", Word(o.FluxNamespace))},
		})
	}
	if has(apps, flux.HelmRelease.Name) {
		steps = append(steps, Step{
			What: "Charts: the first action is an installation", Commands: []string{"kubectl get secrets -A -l owner=helm"},
			Why: "Argo CD only templates, so there is no Helm release yet. helm-controller takes over existing objects unless install.disableTakeOwnership is set, and writes Helm's label and annotations on them. Install hooks of the chart run, also where Argo CD ran them before. A release of the same name that is in the list would be upgraded instead.",
		})
	}
	return steps
}

func toArgo(apps []*app) []Step {
	steps := []Step{{
		What:     "Argo CD knows automated.enabled",
		Why:      "Older releases drop the field, and what is written turned off would sync at once.",
		Commands: []string{"kubectl explain applications.spec.syncPolicy.automated.enabled --api-version=argoproj.io/v1alpha1"},
	}}
	if has(apps, flux.Kustomization.Name) {
		steps = append(steps, Step{
			What: "Field ownership", Commands: []string{},
			Why: "kustomize-controller owns its fields by server-side apply. Argo CD's ClientSideApplyMigration moves only fields of client-side managers (gitops-engine sync_context.go), so a field that is later removed from Git stays until it is removed from the cluster by hand.",
		})
	}
	for _, a := range apps {
		if a.Kind != flux.HelmRelease.Name {
			continue
		}
		r := flux.ReadApplier(a.root, a.Namespace)
		ns := node.Text(a.root, "spec", "storageNamespace")
		if ns == "" {
			ns = r.Namespace
		}
		steps = append(steps, Step{
			What:     fmt.Sprintf("Release %s of %s", r.ReleaseName(), a.key()),
			Why:      "Helm's Secrets stay, and with them a rollback to Flux. Delete them only after the last wave: `helm uninstall` of what they name would delete the workload.",
			Commands: []string{fmt.Sprintf("kubectl get secrets -n %s -l %s", Word(ns), Word("owner=helm,name="+r.ReleaseName()))},
		})
	}
	return steps
}
