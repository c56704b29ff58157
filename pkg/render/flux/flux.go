// Package flux renders Kustomizations and HelmReleases as Flux's controllers do
// (kustomize-controller 1.9, helm-controller 1.6, source-controller 1.9).
package flux

import (
	"context"
	"errors"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// Render sets what the Kustomization or HelmRelease app renders to, or app.Err.
func Render(_ context.Context, _ *env.Env, app *manifest.App) {
	app.Err = errors.New("rendering Flux objects is not built in")
}
