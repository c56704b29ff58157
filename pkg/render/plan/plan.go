// Package plan says how the rendered objects would be applied with kubectl so that
// the same happens as when the tool applies them.
package plan

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A Plan is the apply plan of all apps.
type Plan struct{}

// A Builder collects what a plan needs of each app, and not its objects: those may be
// many.
type Builder struct{ objects *cluster.Objects }

// NewBuilder returns a Builder. objects hold the AppProjects of the input.
func NewBuilder(objects *cluster.Objects) *Builder { return &Builder{objects} }

// Add notes an app that has been rendered.
func (b *Builder) Add(_ *manifest.App) {}

// Plan returns the plan of the apps that were added.
func (b *Builder) Plan() *Plan { return &Plan{} }
