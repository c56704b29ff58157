// Package env is what the renderers of both tools work with: sources, engines, and the
// other objects of the input.
package env

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// An Env is shared by all that is rendered in one run, one app after the other.
type Env struct {
	Sources *source.Sources
	Charts  *chart.Engine
	Objects *cluster.Objects
	// Namespace stands in for the namespace of objects that name none.
	Namespace string
	// Scratch is a directory for what libraries read from the disk.
	Scratch string
	// KubeVersion and APIVersions are what charts see of the cluster, unless the
	// object says otherwise. Empty means Helm's own defaults.
	KubeVersion string
	APIVersions []string
	// Decrypt lets SOPS-encrypted documents be decrypted, with the keys that the
	// environment gives to sops. Without it they stay as they are.
	Decrypt bool
}
