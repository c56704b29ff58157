// Package flux renders Kustomizations and HelmReleases as Flux's controllers do
// (kustomize-controller 1.9, helm-controller 1.6, source-controller 1.9), by the
// libraries that these use.
package flux

import (
	"context"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A render is one object under way.
type render struct {
	env *env.Env
	app *manifest.App
	*flux.Applier
	// suffixes say what is not known of the version of a chart.
	suffixes []string
}

// Render sets what the Kustomization or HelmRelease app renders to, or app.Err.
func Render(ctx context.Context, e *env.Env, app *manifest.App) {
	r := &render{env: e, app: app, Applier: flux.ReadApplier(app.Root, app.Namespace)}
	if r.Suspended() {
		app.Note("object-suspended", ledger.Approximate, "spec.suspend",
			"Flux does nothing for this object while it is suspended: it applies what is rendered once it is resumed")
	}
	if r.Release() {
		app.Objects, app.Err = r.helmRelease(ctx)
	} else {
		app.Objects, app.Err = r.kustomization(ctx)
	}
	if app.Err != nil {
		app.Objects = nil
	}
}
