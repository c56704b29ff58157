// Package argocd renders Applications as Argo CD's repository server does
// (v3.6.1, reposerver/repository/repository.go).
package argocd

import (
	"context"
	"errors"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// Render sets what the Application app renders to, or app.Err.
func Render(_ context.Context, _ *env.Env, app *manifest.App) {
	app.Err = errors.New("rendering Applications is not built in")
}
