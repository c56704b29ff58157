// Package flux knows the objects of Flux: their kinds and limits, what they say, and
// how one refers to another.
package flux

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// The kinds and the API versions that Flux 2.9 serves for them.
var (
	GitRepository     = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "GitRepository"}
	OCIRepository     = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "OCIRepository"}
	HelmRepository    = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "HelmRepository"}
	HelmChart         = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "HelmChart"}
	Bucket            = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "Bucket"}
	ExternalArtifact  = object.Kind{APIVersion: "source.toolkit.fluxcd.io/v1", Name: "ExternalArtifact"}
	Kustomization     = object.Kind{APIVersion: "kustomize.toolkit.fluxcd.io/v1", Name: "Kustomization"}
	HelmRelease       = object.Kind{APIVersion: "helm.toolkit.fluxcd.io/v2", Name: "HelmRelease"}
	ArtifactGenerator = object.Kind{APIVersion: "source.extensions.fluxcd.io/v1beta1", Name: "ArtifactGenerator"}
)

// Alert is a kind that tells of events, Provider whom it tells. Flux serves them as v1
// from 2.10 on, and as v1beta3 before.
func Alert(v1 bool) object.Kind { return notification(v1, "Alert") }

// Provider is described at Alert.
func Provider(v1 bool) object.Kind { return notification(v1, "Provider") }

func notification(v1 bool, name string) object.Kind {
	if v1 {
		return object.Kind{APIVersion: "notification.toolkit.fluxcd.io/v1", Name: name}
	}
	return object.Kind{APIVersion: "notification.toolkit.fluxcd.io/v1beta3", Name: name}
}

// IsSource tells whether objects of the kind fetch or make what is deployed.
func IsSource(kind string) bool {
	return slices.ContainsFunc([]object.Kind{GitRepository, OCIRepository, HelmRepository, HelmChart, Bucket, ExternalArtifact, ArtifactGenerator},
		func(k object.Kind) bool { return k.Name == kind })
}

// IsAddOn tells whether objects of the kind deploy nothing and fetch nothing that is
// deployed: they tell of what happens, or look for newer images.
func IsAddOn(kind string) bool {
	return slices.ContainsFunc(AddOns(), func(k object.Kind) bool { return k.Name == kind })
}

// AddOns lists the kinds of IsAddOn.
func AddOns() []object.Kind {
	return []object.Kind{Alert(false), Provider(false), ImageRepository, ImagePolicy, ImageUpdateAutomation}
}

// The kinds of the image controllers: what tags there are, which one to take, and where
// to write it.
var (
	ImageRepository       = object.Kind{APIVersion: "image.toolkit.fluxcd.io/v1", Name: "ImageRepository"}
	ImagePolicy           = object.Kind{APIVersion: "image.toolkit.fluxcd.io/v1", Name: "ImagePolicy"}
	ImageUpdateAutomation = object.Kind{APIVersion: "image.toolkit.fluxcd.io/v1", Name: "ImageUpdateAutomation"}
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

// readable lists the kinds that a conversion reads.
func readable() []object.Kind {
	return append(append(Kinds(), AddOns()...), Bucket, ExternalArtifact)
}

// IsApplier tells whether objects of the kind deploy something.
func IsApplier(kind string) bool { return kind == Kustomization.Name || kind == HelmRelease.Name }
