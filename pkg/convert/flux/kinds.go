// Package flux knows the kinds of Flux and their limits.
package flux

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"

// The kinds and the API versions that Flux 2.9 serves for them.
var (
	GitRepository     = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "GitRepository"}
	OCIRepository     = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "OCIRepository"}
	HelmRepository    = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "HelmRepository"}
	HelmChart         = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "HelmChart"}
	Kustomization     = object.Kind{APIVersion: "kustomize.toolkit.fluxcd.io/v1", Name: "Kustomization"}
	HelmRelease       = object.Kind{APIVersion: "helm.toolkit.fluxcd.io/v2", Name: "HelmRelease"}
	ArtifactGenerator = object.Kind{APIVersion: "source.extensions.fluxcd.io/v1beta1", Name: "ArtifactGenerator"}
)

// MaxRelease is Helm's limit for release names.
const MaxRelease = 53

// Kinds lists the Flux kinds that a conversion can write.
func Kinds() []object.Kind {
	return []object.Kind{
		GitRepository, OCIRepository, HelmRepository, HelmChart,
		Kustomization, HelmRelease, ArtifactGenerator,
	}
}
