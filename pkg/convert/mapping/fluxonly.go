package mapping

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// fluxOnly makes a row of fields that no Application leads to. Fields are given as
// "Kind: path path ...", several kinds apart by commas. A switch among them that is
// off asks for nothing.
func fluxOnly(id string, f ledger.Fidelity, note string, fields ...string) Row {
	r := Row{ID: id, ToArgo: Promise{Fidelity: f, Note: note, Implied: f == ledger.Equivalent}, Off: true}
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

// blocks marks a row without which something else would be deployed.
func (r Row) blocks() Row {
	r.BackBlocks = true
	return r
}

// back gives a row its function and the fields of an Application that it writes.
func (r Row) back(f func(*BackCell), writes ...string) Row {
	r.Back = f
	for _, path := range writes {
		r.Writes = append(r.Writes, application.Name+":"+path)
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
	return slices.Concat(fluxSourceRows(), fluxKustomizationRows(), fluxReleaseRows(), fluxAnnotationRows())
}

func fluxSourceRows() []Row {
	return []Row{
		fluxOnly("flux-reference", equivalently, "only resolves a reference",
			"Kustomization: spec.sourceRef.apiVersion spec.sourceRef.namespace spec.kubeConfig.secretRef.key",
			"HelmRelease: spec.chart.spec.sourceRef.apiVersion spec.chart.spec.sourceRef.namespace spec.chartRef.apiVersion spec.chartRef.namespace spec.kubeConfig.secretRef.key",
			"HelmChart: spec.sourceRef.apiVersion"),
		fluxOnly("flux-verify-git", not, "Argo CD verifies commits only as sourceIntegrity of an AppProject says, with GPG keys: write one",
			"GitRepository: spec.verify.mode spec.verify.secretRef.name"),
		fluxOnly("flux-verify", not, "Argo CD verifies no signatures of artifacts",
			"OCIRepository,HelmChart: spec.verify.provider spec.verify.secretRef.name spec.verify.matchOIDCIdentity[].issuer spec.verify.matchOIDCIdentity[].subject",
			"OCIRepository: spec.verify.trustedRootSecretRef.name",
			"HelmRelease: spec.chart.spec.verify.provider spec.chart.spec.verify.secretRef.name"),
		fluxOnly("flux-credentials", approximately, "write a repository Secret of Argo CD with the same credentials (insecure is insecureOCIForceHttp there), or convert together with the Secret",
			"HelmRepository,OCIRepository: spec.secretRef.name spec.certSecretRef.name spec.provider spec.insecure",
			"GitRepository: spec.secretRef.name spec.provider",
			"GitRepository,OCIRepository: spec.proxySecretRef.name").spend(spendCredentials),
		fluxOnly("flux-identity", not, "a source has no identity of its own in Argo CD",
			"GitRepository,OCIRepository: spec.serviceAccountName"),
		fluxOnly("flux-include", not, "Argo CD cannot lay one repository over another", "GitRepository: spec.include[].**").blocks(),
		fluxOnly("flux-sparse", approximately, "only saves time where the path lies inside", "GitRepository: spec.sparseCheckout[]"),
		fluxOnly("flux-source-suspend", not, "the artifact is frozen, and Argo CD would deploy what is newer: pin the revision and remove suspend",
			"GitRepository,OCIRepository,HelmRepository,HelmChart: spec.suspend").blocks(),
		fluxOnly("flux-source-timeout", approximately, "one global timeout in Argo CD",
			"GitRepository,OCIRepository,HelmRepository: spec.timeout", "HelmRelease: spec.chart.spec.interval"),
		fluxOnly("flux-semver-filter", not, "Argo CD has no filter for the tags of a registry, and would take others", "OCIRepository: spec.ref.semverFilter").blocks(),
		fluxOnly("flux-access", equivalently, "Flux reads this field nowhere", "HelmRepository,GitRepository,HelmChart: spec.accessFrom.**"),
		fluxOnly("flux-chart-strategy", approximately, "Argo CD deploys every commit", "HelmChart: spec.reconcileStrategy").spend(spendStrategy),
		fluxOnly("flux-artifact-generator", not, "Argo CD composes no artifacts; values from another repository become a second source",
			"ArtifactGenerator: spec.**").spend(spendGenerator),
	}
}

// spend gives a row of source objects its function.
func (r Row) spend(f func(*SourceCell)) Row {
	r.BackSource = f
	return r
}

func fluxKustomizationRows() []Row {
	return []Row{
		fluxOnly("flux-decryption", not, "Argo CD would apply the encrypted text as it is; decrypt with a plugin, or use external secrets",
			"Kustomization: spec.decryption.provider spec.decryption.secretRef.name spec.decryption.serviceAccountName").blocks().back(backDecryption),
		fluxOnly("flux-post-build", not, "the variables would reach the cluster as they are; substitute them in the repository",
			"Kustomization: spec.postBuild.**").blocks().back(backPostBuild),
		fluxOnly("flux-depends-on", approximately, "becomes sync waves of an app-of-apps, which gate only where Argo CD assesses the health of Applications",
			"Kustomization,HelmRelease: spec.dependsOn[].name spec.dependsOn[].namespace").back(backDependsOn, "metadata.annotations.{}"),
		fluxOnly("flux-ready-expr", not, "CEL readiness has no counterpart", "Kustomization,HelmRelease: spec.dependsOn[].readyExpr"),
		fluxOnly("flux-health-checks", approximately, "Argo CD assesses all resources of the Application and none outside",
			"Kustomization: spec.healthChecks[].**"),
		fluxOnly("flux-health-exprs", not, "health in CEL must be written in Lua, for all of Argo CD",
			"Kustomization,HelmRelease: spec.healthCheckExprs[].**"),
		fluxOnly("flux-force", approximately, "every object gets the sync options Force=true,ServerSideApply=false: Argo CD recreates on other conflicts, too, and can only where it applies on the client", "Kustomization: spec.force").
			back(backForce, "source.kustomize.patches[]"),
		fluxOnly("flux-old-json-patches", equivalently, "the form that patches replaced",
			"Kustomization: spec.patchesJson6902[].**").back(backJSONPatches, editPatches+"[]"),
		fluxOnly("flux-build-metadata", not, "not settable in Argo CD", "Kustomization: spec.buildMetadata[]"),
		fluxOnly("flux-ignore-selectors", not, "ignoreDifferences selects by group, kind, name and namespace only",
			"Kustomization: spec.ignore[].target.annotationSelector spec.ignore[].target.labelSelector spec.ignore[].target.version",
			"HelmRelease: spec.driftDetection.ignore[].target.annotationSelector spec.driftDetection.ignore[].target.labelSelector spec.driftDetection.ignore[].target.version"),
	}
}
