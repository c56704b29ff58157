package main

import (
	"fmt"
	"runtime/debug"

	// controller-gen reads the source of these packages, so go.mod must pin them.
	_ "github.com/fluxcd/helm-controller/api/v2"
	_ "github.com/fluxcd/image-automation-controller/api/v1"
	_ "github.com/fluxcd/image-reflector-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1beta3"
	_ "github.com/fluxcd/source-watcher/api/v2/v1beta1"
)

// A source is a module that defines some of the kinds. Modules that ship their
// CRDs are pinned here and unpacked; the others are pinned in go.mod, and
// controller-gen makes the CRDs from their Go types.
type source struct {
	module   string
	version  string   // with files
	files    []string // CRDs inside the module
	packages []string // Go packages below the module, without files
}

const generator = "sigs.k8s.io/controller-tools"

var sources = []source{{
	module:  "github.com/argoproj/argo-cd/v3",
	version: "v3.6.1",
	files: []string{
		"manifests/crds/application-crd.yaml",
		"manifests/crds/applicationset-crd.yaml",
		"manifests/crds/appproject-crd.yaml",
	},
}, {
	module:  "github.com/fluxcd/source-controller",
	version: "v1.9.5",
	files: []string{
		"config/crd/bases/source.toolkit.fluxcd.io_buckets.yaml",
		"config/crd/bases/source.toolkit.fluxcd.io_externalartifacts.yaml",
		"config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml",
		"config/crd/bases/source.toolkit.fluxcd.io_helmcharts.yaml",
		"config/crd/bases/source.toolkit.fluxcd.io_helmrepositories.yaml",
		"config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml",
	},
}, {
	module:  "github.com/fluxcd/kustomize-controller",
	version: "v1.9.5",
	files:   []string{"config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"},
}, {
	module:   "github.com/fluxcd/helm-controller/api",
	packages: []string{"v2"},
}, {
	module:   "github.com/fluxcd/source-watcher/api/v2",
	packages: []string{"v1beta1"},
}, {
	module:   "github.com/fluxcd/notification-controller/api",
	packages: []string{"v1", "v1beta3"},
}, {
	module:   "github.com/fluxcd/image-reflector-controller/api",
	packages: []string{"v1"},
}, {
	module:   "github.com/fluxcd/image-automation-controller/api",
	packages: []string{"v1"},
}}

func (s source) load() ([]definition, error) {
	if s.files != nil {
		return s.unpack()
	}
	return s.generate()
}

// pinned is the version of a module that go.mod chose for this build.
func pinned(module string) (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", fmt.Errorf("the build has no module information")
	}
	for _, dep := range info.Deps {
		if dep.Path == module {
			return dep.Version, nil
		}
	}
	return "", fmt.Errorf("%s is not in go.mod", module)
}
