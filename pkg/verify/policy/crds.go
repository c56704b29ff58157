package policy

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const (
	crdsUpdated = "applied and updated"
	crdsMissing = "created where missing, never updated"
	crdsSkipped = "skipped"
	crdsKept    = "never deleted"
	crdsDeleted = "deleted like any object"
)

// argoCRDs: those of a chart are applied with every sync unless skipCrds (Argo CD
// util/helm/cmd.go --include-crds), and no CRD is ever pruned or deleted
// (reposerver/repository/repository.go; controller/appcontroller.go).
func argoCRDs(u *unit) []aspect {
	path := u.source.At + ".helm.skipCrds"
	applied := u.crdsApplied(path, crdsUpdated)
	if node.True(u.source.Node, "helm", "skipCrds") {
		applied = u.crdsApplied(path, crdsSkipped)
	}
	return []aspect{applied, u.crdsRemoved("metadata.finalizers", crdsKept)}
}

func (u *unit) crdsApplied(path, key string) aspect {
	does := map[string]string{
		crdsUpdated: "applies CRDs with every deployment",
		crdsMissing: "creates CRDs that are missing and never updates them",
		crdsSkipped: "leaves the CRDs of the chart out",
	}
	night := map[string]string{
		crdsUpdated: "A new version of the chart also changes the CRDs there.",
		crdsMissing: "After an upgrade the CRDs there are old: new fields are refused or dropped.",
		crdsSkipped: "CRDs there are as old as whoever installed them left them.",
	}
	return u.says(path, key, orElse(does[key], "treats CRDs as "+key), night[key])
}

func (u *unit) crdsRemoved(path, key string) aspect {
	if key == crdsKept {
		return u.says(path, key, "never deletes a CRD", "CRDs stay there when the rest is gone.")
	}
	return u.says(path, key, "deletes CRDs like any other object", "A deleted CRD takes every object of its kind in the whole cluster with it.")
}

// fluxCRDs: a Kustomization applies and deletes CRDs like anything else, unless an
// annotation forbids it (kustomize-controller deleteObjects).
func fluxCRDs(u *unit) []aspect {
	if u.applier.Release() {
		return u.releaseCRDs()
	}
	removed := u.crdsRemoved("spec.patches", crdsKept)
	if !u.sparesCRDs() && (u.fluxPrunes() || u.mayDelete()) {
		removed = u.crdsRemoved("spec.prune", crdsDeleted)
	}
	return []aspect{u.crdsApplied("spec", crdsUpdated), removed}
}

// mayDelete tells whether deleting the Kustomization deletes what it applied.
func (u *unit) mayDelete() bool {
	return slices.Contains([]string{"Delete", "WaitForTermination"}, node.Text(u.spec(), "deletionPolicy"))
}

// sparesCRDs tells whether a patch keeps all CRDs from being deleted.
func (u *unit) sparesCRDs() bool {
	for _, item := range node.Items(u.spec(), "patches") {
		if selects(node.Get(item, "target"), crd) && has(checkout.PatchMarks("", node.Text(item, "patch")), "prune", "disabled") {
			return true
		}
	}
	return has(checkout.MetadataMarks("", u.spec("commonMetadata")), "prune", "disabled")
}

// releaseCRDs: those of the chart's crds directory follow the policies of install and
// upgrade, both Create by default (helm-controller internal/action/crds.go
// crdPolicyOrDefault), and are never deleted; those among the templates go with the
// release (helm.sh/docs, Custom Resource Definitions).
func (u *unit) releaseCRDs() []aspect {
	policies := map[string]string{"": crdsMissing, "Create": crdsMissing, "CreateReplace": crdsUpdated, "Skip": crdsSkipped}
	install, upgrade := node.Text(u.spec("install"), "crds"), node.Text(u.spec("upgrade"), "crds")
	applied := u.crdsApplied("spec.upgrade.crds", orElse(policies[upgrade], upgrade))
	if policies[install] != policies[upgrade] {
		applied = u.crdsApplied("spec.upgrade.crds", policies[install]+" on install, "+policies[upgrade]+" on upgrade")
	}
	removed := u.crdsRemoved("spec.uninstall", crdsKept)
	if !u.keepsRelease() {
		removed = u.says("spec.uninstall", "those in templates deleted", "deletes CRDs that are among the templates of the chart with the release", "").
			open(ByCRDs, "Whether the chart has CRDs among its templates, which Helm deletes with the release and Argo CD never, is decided by its content: look for CustomResourceDefinition in its templates.", crdsKept, crdsDeleted)
	}
	return []aspect{applied, removed}
}
