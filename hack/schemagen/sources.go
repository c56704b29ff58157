package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	// controller-gen reads the source of these packages, so go.mod must pin them.
	_ "github.com/fluxcd/helm-controller/api/v2"
	_ "github.com/fluxcd/image-automation-controller/api/v1"
	_ "github.com/fluxcd/image-reflector-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1beta3"
	_ "github.com/fluxcd/source-watcher/api/v2/v1beta1"
)

// A source is a module that defines some of the kinds. Modules that ship their
// CRDs are pinned here and unpacked; the others are pinned in a go.mod, and
// controller-gen makes the CRDs from their Go types.
type source struct {
	module   string
	version  string   // with files
	files    []string // CRDs inside the module
	packages []string // versions of the API, which are Go packages below the module; without files
}

const generator = "sigs.k8s.io/controller-tools"

// A release of Flux, of which one data directory is made.
type release struct {
	data    string // directory to write
	pins    string // directory of the go.mod that pins what controller-gen reads
	sources []source
}

// releases are by the version of Flux. Argo CD is with the one that the compiler knows.
var releases = map[string]release{
	"2.9":  {"../../pkg/convert/schema/data", ".", append([]source{argoCD("v3.6.1")}, flux("v1.9.5", "v1.9.5")...)},
	"2.10": {"../../pkg/verify/crd/data", "flux-2.10", flux("v1.10.1", "v1.10.1")},
}

func argoCD(version string) source {
	return source{
		module:  "github.com/argoproj/argo-cd/v3",
		version: version,
		files: []string{
			"manifests/crds/application-crd.yaml",
			"manifests/crds/applicationset-crd.yaml",
			"manifests/crds/appproject-crd.yaml",
		},
	}
}

// flux takes the versions of the two controllers that ship their CRDs.
func flux(sourceController, kustomizeController string) []source {
	return []source{{
		module:  "github.com/fluxcd/source-controller",
		version: sourceController,
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
		version: kustomizeController,
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
}

// load reads the CRDs of a source; pins is the directory of the go.mod that pins it.
func (s source) load(pins string) ([]definition, error) {
	if s.files != nil {
		return s.unpack()
	}
	return s.generate(pins)
}

// pinned is the version of a module that the go.mod in a directory chose.
func pinned(dir, module string) (string, error) {
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Version}}", module)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s is not in %s/go.mod: %w", module, dir, err)
	}
	return strings.TrimSpace(string(out)), nil
}
