package mapping

func fluxReleaseRows() []Row {
	return []Row{
		fluxOnly("flux-chart-metadata", equivalently, "metadata of the generated HelmChart",
			"HelmRelease: spec.chart.metadata.annotations.{} spec.chart.metadata.labels.{}"),
		fluxOnly("flux-release-metadata", not, "Argo CD cannot edit what a chart renders",
			"HelmRelease: spec.commonMetadata.annotations.{} spec.commonMetadata.labels.{}").blocks(),
		fluxOnly("flux-post-renderers", not, "Argo CD cannot edit what a chart renders: dropping this changes the manifests",
			"HelmRelease: spec.postRenderers[].**").blocks(),
		fluxOnly("flux-post-render-strategy", equivalently, "only says how post-renderers run", "HelmRelease: spec.postRenderStrategy"),
		fluxOnly("flux-release-storage", approximately, "", "HelmRelease: spec.storageNamespace").back(backStorage),
		fluxOnly("flux-test", not, "Argo CD never runs Helm tests", "HelmRelease: spec.test.**"),
		fluxOnly("flux-rollback", not, "Argo CD has no Helm release to roll back", "HelmRelease: spec.rollback.**"),
		fluxOnly("flux-remediation", not, "Argo CD only tries again: it neither uninstalls nor rolls back on failure",
			"HelmRelease: spec.install.remediation.** spec.upgrade.remediation.** spec.upgrade.cleanupOnFail"),
		fluxOnly("flux-helm-hooks", not, "Argo CD would run the chart's hooks on every sync, and cannot leave them out",
			"HelmRelease: spec.install.disableHooks spec.upgrade.disableHooks").blocks(),
		fluxOnly("flux-uninstall-hooks", not, "Argo CD runs the hooks of deletion", "HelmRelease: spec.uninstall.disableHooks"),
		fluxOnly("flux-preserve-values", not, "the values of earlier releases are in no manifest: write them into spec.values",
			"HelmRelease: spec.upgrade.preserveValues").blocks(),
		fluxOnly("flux-upgrade", not, "Helm replaces what it cannot patch; Argo CD does for objects with the sync options Replace=true,Force=true",
			"HelmRelease: spec.upgrade.force"),
		fluxOnly("flux-release-waits", approximately, "waits and timeouts are global in Argo CD",
			"HelmRelease: spec.install.disableWait spec.install.disableWaitForJobs spec.install.timeout spec.upgrade.disableWait spec.upgrade.disableWaitForJobs spec.upgrade.timeout spec.uninstall.disableWait spec.uninstall.timeout spec.waitStrategy.name"),
		fluxOnly("flux-release-store", approximately, "Argo CD stores no release",
			"HelmRelease: spec.install.replace spec.upgrade.chartNameChangeStrategy spec.uninstall.keepHistory"),
		fluxOnly("flux-take-ownership", approximately, "Argo CD takes over objects that exist; the sync option FailOnSharedResource=true spares those of other Applications",
			"HelmRelease: spec.install.disableTakeOwnership spec.upgrade.disableTakeOwnership"),
		fluxOnly("flux-persistent-client", equivalently, "a detail of the controller", "HelmRelease: spec.persistentClient"),
	}
}

// fluxOldRows are fields of API versions that Flux no longer serves and repositories
// still hold (the API modules of kustomize-controller v0.35, source-controller v0.36
// and helm-controller v0.37).
func fluxOldRows() []Row {
	return []Row{
		fluxOnly("flux-old-patches", equivalently, "the form that patches replaced",
			"Kustomization: spec.patchesStrategicMerge[].**").back(backMergePatches, editPatches+"[]"),
		fluxOnly("flux-old-validation", equivalently, "Flux validates on the server whatever this says",
			"Kustomization: spec.validation"),
		fluxOnly("flux-old-git", equivalently, "there is one implementation of Git", "GitRepository: spec.gitImplementation"),
		fluxOnly("flux-old-values-file", not, "removed from the API: use valuesFiles",
			"HelmRelease: spec.chart.spec.valuesFile", "HelmChart: spec.valuesFile").blocks(),
	}
}

// fluxAnnotationRows are annotations that Flux itself reads.
func fluxAnnotationRows() []Row {
	objects := "Kustomization,HelmRelease,GitRepository,OCIRepository,HelmRepository,HelmChart,ArtifactGenerator,Alert,Provider,ImageRepository,ImagePolicy,ImageUpdateAutomation: "
	rows := []Row{
		fluxOnly("flux-requests", equivalently, "a request that is done", objects+annotation("reconcile.fluxcd.io/*")),
		fluxOnly("flux-events", not, "metadata of the events of notification-controller", objects+annotation("event.toolkit.fluxcd.io/*")),
		fluxOnly("flux-object-options", approximately, "tells a parent Kustomization how to treat this object; a parent Application has other options",
			objects+annotation("kustomize.toolkit.fluxcd.io/*")),
		fluxOnly("flux-object-prune", equivalently, "the Application is not pruned by its parent",
			"Kustomization,HelmRelease: "+annotation("kustomize.toolkit.fluxcd.io/prune")).back(backObjectPrune, "metadata.annotations.{}"),
		fluxOnly("flux-drift-annotation", approximately, "asks helm-controller to leave the drift of an object alone",
			objects+annotation("helm.toolkit.fluxcd.io/*")),
	}
	return rows
}
