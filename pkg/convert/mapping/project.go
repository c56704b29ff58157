package mapping

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// project is the kind that tenants are made of.
var project = object.Kind{APIVersion: argocd.APIVersion, Name: "AppProject"}

// ofProject makes a row of fields of an AppProject.
func ofProject(id string, f ledger.Fidelity, note string, paths ...string) Row {
	return Row{ID: id, Project: paths, ToFlux: Promise{Fidelity: f, Note: note, Implied: f == ledger.Equivalent}}
}

// projectRows are the fields of an AppProject (Argo CD types.go AppProjectSpec). What RBAC
// can say becomes the rights of a ServiceAccount, as which Flux applies.
func projectRows() []Row {
	return slices.Concat(projectMetaRows(), []Row{
		ofProject("project-description", approximately, "an annotation of the ServiceAccount", "spec.description"),
		ofProject("project-destinations", approximately, "RBAC binds by namespace and in the own cluster only: bound are the namespaces that are named, and those of a pattern that Applications of the input deploy into",
			"spec.destinations[].server", "spec.destinations[].namespace", "spec.destinations[].name"),
		ofProject("project-cluster-resources", approximately, "rights for the kinds",
			"spec.clusterResourceWhitelist[].group", "spec.clusterResourceWhitelist[].kind", "spec.clusterResourceWhitelist[].name"),
		ofProject("project-namespace-resources", approximately, "rights for the kinds",
			"spec.namespaceResourceWhitelist[].group", "spec.namespaceResourceWhitelist[].kind"),
		ofProject("project-denied", approximately, "RBAC forbids nothing: no rights are given for the kind, whatever the name",
			"spec.clusterResourceBlacklist[].group", "spec.clusterResourceBlacklist[].kind", "spec.clusterResourceBlacklist[].name",
			"spec.namespaceResourceBlacklist[].group", "spec.namespaceResourceBlacklist[].kind"),
		ofProject("project-sources", not, "Flux deploys from any source: those of the input are held to the list, for others write a ValidatingAdmissionPolicy", "spec.sourceRepos[]"),
		ofProject("project-namespaces", approximately, "Applications outside of Argo CD's namespace keep theirs, and the ServiceAccount is made there too", "spec.sourceNamespaces[]"),
		ofProject("project-roles", not, "roles of Argo CD's users: bind their groups to Roles for Kustomizations and HelmReleases",
			"spec.roles[].name", "spec.roles[].description", "spec.roles[].groups[]", "spec.roles[].policies[]"),
		ofProject("project-tokens", not, "tokens of Argo CD's API: use those of ServiceAccounts",
			"spec.roles[].jwtTokens[].exp", "spec.roles[].jwtTokens[].iat", "spec.roles[].jwtTokens[].id"),
		ofProject("project-windows", not, "Flux deploys at any time: suspend and resume by a CronJob, which also stops the correction of drift",
			"spec.syncWindows[].andOperator", "spec.syncWindows[].applications[]", "spec.syncWindows[].clusters[]",
			"spec.syncWindows[].description", "spec.syncWindows[].duration", "spec.syncWindows[].kind", "spec.syncWindows[].manualSync",
			"spec.syncWindows[].namespaces[]", "spec.syncWindows[].schedule", "spec.syncWindows[].syncOverrun", "spec.syncWindows[].timeZone"),
		ofProject("project-signatures", not, "set spec.verify of the GitRepositories, with the public keys in a Secret",
			"spec.signatureKeys[].keyID", "spec.sourceIntegrity.git.policies[].gpg.keys[]",
			"spec.sourceIntegrity.git.policies[].gpg.mode", "spec.sourceIntegrity.git.policies[].repos[].url"),
		ofProject("project-orphans", not, "Flux looks for no orphans", "spec.orphanedResources.warn",
			"spec.orphanedResources.ignore[].group", "spec.orphanedResources.ignore[].kind", "spec.orphanedResources.ignore[].name"),
		ofProject("project-accounts", not, "Flux reads spec.serviceAccountName in the namespace of its own object: give that account the rights of this one",
			"spec.destinationServiceAccounts[].defaultServiceAccount", "spec.destinationServiceAccounts[].namespace", "spec.destinationServiceAccounts[].server"),
		ofProject("project-clusters", approximately, "a kubeconfig is always of one namespace", "spec.permitOnlyProjectScopedClusters"),
	})
}

func projectMetaRows() []Row {
	return []Row{
		ofProject("project-kind", equivalently, "RBAC takes its place", "apiVersion", "kind", "metadata.name", "metadata.namespace"),
		ofProject("project-metadata", approximately, "of an object that Flux does not have; dropped", "metadata.labels.{}", "metadata.annotations.{}", "metadata.finalizers[]", "metadata.generateName"),
		ofProject("notifications-inherited", approximately, "an Alert for each Application of the input, whose findings say what it tells", subscribing()...),
		ofProject("project-runtime", ledger.Runtime, "state of the cluster", "metadata.creationTimestamp", "metadata.deletionGracePeriodSeconds",
			"metadata.deletionTimestamp", "metadata.generation", "metadata.managedFields[].**", "metadata.ownerReferences[].**",
			"metadata.resourceVersion", "metadata.selfLink", "metadata.uid", "status.**"),
	}
}
