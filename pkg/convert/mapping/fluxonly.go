package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// fluxOnly makes a row of fields that no Application leads to. Fields are given as
// "Kind: path path ...", several kinds apart by commas.
func fluxOnly(id string, f ledger.Fidelity, note string, fields ...string) Row {
	r := Row{ID: id, ToArgo: Promise{Fidelity: f, Note: note, Implied: f == ledger.Equivalent}}
	for _, group := range fields {
		kinds, paths, _ := strings.Cut(group, ": ")
		for kind := range strings.SplitSeq(kinds, ",") {
			for path := range strings.FieldsSeq(paths) {
				r.Flux = append(r.Flux, kind+":"+path)
			}
		}
	}
	return r
}

const (
	approximately = ledger.Approximate
	equivalently  = ledger.Equivalent
	not           = ledger.Unsupported
)

// fluxOnlyRows are the fields of the written kinds that only Flux has.
func fluxOnlyRows() []Row {
	return append(append(fluxSourceRows(), fluxKustomizationRows()...), fluxReleaseRows()...)
}

func fluxSourceRows() []Row {
	return []Row{
		fluxOnly("flux-reference", equivalently, "only resolves a reference",
			"Kustomization: spec.sourceRef.apiVersion spec.sourceRef.namespace spec.kubeConfig.secretRef.key",
			"HelmRelease: spec.chart.spec.sourceRef.apiVersion spec.chart.spec.sourceRef.namespace spec.chartRef.apiVersion spec.chartRef.namespace spec.kubeConfig.secretRef.key",
			"HelmChart: spec.sourceRef.apiVersion"),
		fluxOnly("flux-verify-git", approximately, "becomes sourceIntegrity of an AppProject; SSH keys cannot cross",
			"GitRepository: spec.verify.mode spec.verify.secretRef.name"),
		fluxOnly("flux-verify", not, "Argo CD verifies no signatures of artifacts",
			"OCIRepository,HelmChart: spec.verify.provider spec.verify.secretRef.name spec.verify.matchOIDCIdentity[].issuer spec.verify.matchOIDCIdentity[].subject",
			"OCIRepository: spec.verify.trustedRootSecretRef.name",
			"HelmRelease: spec.chart.spec.verify.provider spec.chart.spec.verify.secretRef.name"),
		fluxOnly("flux-credentials", approximately, "becomes a repository Secret of Argo CD",
			"HelmRepository,OCIRepository: spec.secretRef.name spec.certSecretRef.name spec.provider spec.insecure",
			"GitRepository: spec.provider",
			"GitRepository,OCIRepository: spec.proxySecretRef.name"),
		fluxOnly("flux-identity", not, "a source has no identity of its own in Argo CD",
			"GitRepository,OCIRepository: spec.serviceAccountName"),
		fluxOnly("flux-include", not, "Argo CD cannot lay one repository over another", "GitRepository: spec.include[].**"),
		fluxOnly("flux-sparse", approximately, "only saves time where the path lies inside", "GitRepository: spec.sparseCheckout[]"),
		fluxOnly("flux-source-suspend", approximately, "pin the revision instead",
			"GitRepository,OCIRepository,HelmRepository,HelmChart: spec.suspend"),
		fluxOnly("flux-source-timeout", approximately, "one global timeout in Argo CD",
			"GitRepository,OCIRepository,HelmRepository: spec.timeout", "HelmRelease: spec.chart.spec.interval"),
		fluxOnly("flux-semver-filter", not, "Argo CD has no filter for the tags of a registry", "OCIRepository: spec.ref.semverFilter"),
		fluxOnly("flux-access", equivalently, "Flux reads this field nowhere", "HelmRepository: spec.accessFrom.**"),
		fluxOnly("flux-chart-strategy", approximately, "Argo CD deploys every commit", "HelmChart: spec.reconcileStrategy"),
		fluxOnly("flux-artifact-generator", not, "Argo CD composes no artifacts; values from another repository become a second source",
			"ArtifactGenerator: spec.**"),
	}
}

func fluxKustomizationRows() []Row {
	return []Row{
		fluxOnly("flux-decryption", not, "Argo CD would apply the encrypted text as it is",
			"Kustomization: spec.decryption.provider spec.decryption.secretRef.name spec.decryption.serviceAccountName"),
		fluxOnly("flux-post-build", not, "the variables would reach the cluster as they are",
			"Kustomization: spec.postBuild.**"),
		fluxOnly("flux-depends-on", approximately, "becomes sync waves of an app-of-apps, which gate only where Argo CD assesses Application health",
			"Kustomization,HelmRelease: spec.dependsOn[].name spec.dependsOn[].namespace"),
		fluxOnly("flux-ready-expr", not, "CEL readiness has no counterpart", "Kustomization,HelmRelease: spec.dependsOn[].readyExpr"),
		fluxOnly("flux-health-checks", approximately, "Argo CD assesses all resources of the Application and none outside",
			"Kustomization: spec.healthChecks[].**"),
		fluxOnly("flux-health-exprs", not, "health in CEL must be written in Lua, for all of Argo CD",
			"Kustomization,HelmRelease: spec.healthCheckExprs[].**"),
		fluxOnly("flux-force", approximately, "becomes the annotation Force=true on every object", "Kustomization: spec.force"),
		fluxOnly("flux-build-metadata", not, "not settable in Argo CD", "Kustomization: spec.buildMetadata[]"),
		fluxOnly("flux-ignore-selectors", not, "ignoreDifferences selects by group, kind, name and namespace only",
			"Kustomization: spec.ignore[].target.annotationSelector spec.ignore[].target.labelSelector spec.ignore[].target.version",
			"HelmRelease: spec.driftDetection.ignore[].target.annotationSelector spec.driftDetection.ignore[].target.labelSelector spec.driftDetection.ignore[].target.version"),
		fluxOnly("flux-workload-identity", approximately, "becomes awsAuthConfig or execProviderConfig of a cluster Secret",
			"Kustomization,HelmRelease: spec.kubeConfig.configMapRef.name"),
	}
}

func fluxReleaseRows() []Row {
	return []Row{
		fluxOnly("flux-chart-metadata", equivalently, "metadata of the generated HelmChart",
			"HelmRelease: spec.chart.metadata.annotations.{} spec.chart.metadata.labels.{}"),
		fluxOnly("flux-release-metadata", not, "Argo CD cannot edit what a chart renders",
			"HelmRelease: spec.commonMetadata.annotations.{} spec.commonMetadata.labels.{}"),
		fluxOnly("flux-post-renderers", not, "Argo CD cannot edit what a chart renders: dropping this changes the manifests",
			"HelmRelease: spec.postRenderStrategy spec.postRenderers[].**"),
		fluxOnly("flux-test", not, "Argo CD never runs Helm tests", "HelmRelease: spec.test.**"),
		fluxOnly("flux-rollback", not, "Argo CD has no Helm release to roll back", "HelmRelease: spec.rollback.**"),
		fluxOnly("flux-remediation", not, "Argo CD neither uninstalls nor rolls back on failure",
			"HelmRelease: spec.install.remediation.** spec.upgrade.remediation.** spec.upgrade.cleanupOnFail"),
		fluxOnly("flux-helm-hooks", not, "Argo CD runs hooks on every sync",
			"HelmRelease: spec.install.disableHooks spec.upgrade.disableHooks spec.uninstall.disableHooks"),
		fluxOnly("flux-upgrade", not, "depends on the stored release", "HelmRelease: spec.upgrade.force spec.upgrade.preserveValues"),
		fluxOnly("flux-release-waits", approximately, "waits and timeouts are global in Argo CD",
			"HelmRelease: spec.install.disableWait spec.install.disableWaitForJobs spec.install.timeout spec.upgrade.disableWait spec.upgrade.disableWaitForJobs spec.upgrade.timeout spec.uninstall.disableWait spec.uninstall.timeout spec.waitStrategy.name"),
		fluxOnly("flux-release-store", approximately, "Argo CD stores no release",
			"HelmRelease: spec.install.replace spec.install.disableTakeOwnership spec.upgrade.disableTakeOwnership spec.upgrade.chartNameChangeStrategy spec.uninstall.keepHistory"),
		fluxOnly("flux-skip-crds", approximately, "the deprecated form of install.crds", "HelmRelease: spec.install.skipCRDs"),
		fluxOnly("flux-persistent-client", equivalently, "a detail of the controller", "HelmRelease: spec.persistentClient"),
	}
}
