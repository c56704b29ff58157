// Package render turns Applications, Kustomizations and HelmReleases into the plain
// manifests that Argo CD or Flux would apply, and says how to apply them.
//
// Packages below it, from the bottom: manifest (what is rendered), cluster (the other
// objects of the input), source (trees), kustomize and chart (the engines), env (all of
// these together), argocd and flux (what each tool makes of its objects), plan.
package render

import (
	"context"
	"iter"
	"os"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	fluxcd "github.com/kubectl-gitops/kubectl-gitops/pkg/render/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/plan"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// An Input is one stream of YAML or JSON documents.
type Input struct {
	Name string
	Data []byte
	// Context marks documents that others may refer to and that are not rendered.
	Context bool
}

// Options steer a run.
type Options struct {
	Sources *source.Sources
	// Namespace stands in for the namespace of objects that name none.
	Namespace   string
	KubeVersion string
	APIVersions []string
	Decrypt     bool
	// Plan makes the apply plan, and with it the findings about what it cannot express.
	Plan bool
	// Follow renders also what the rendered objects deploy: Kustomizations and
	// HelmReleases that a Kustomization applies, Applications of an Application.
	Follow bool
}

// A Run renders apps one after the other.
type Run struct {
	env  *env.Env
	apps []*manifest.App
	plan *plan.Builder // nil without Options.Plan
	// followed tells that rendered objects are rendered in turn.
	followed bool
}

// New reads the inputs. What of them cannot be read becomes an app with an error.
func New(inputs []Input, o Options) *Run {
	r := &Run{followed: o.Follow, env: &env.Env{
		Sources: o.Sources, Charts: chart.NewEngine(), Objects: cluster.NewObjects(),
		Namespace: o.Namespace, KubeVersion: o.KubeVersion, APIVersions: o.APIVersions, Decrypt: o.Decrypt,
	}}
	for _, in := range inputs {
		r.input(in)
	}
	if o.Plan {
		r.plan = plan.NewBuilder(r.env.Objects)
	}
	return r
}

// renderer returns what renders objects of the kind, or nil.
func renderer(id ledger.Object) func(context.Context, *env.Env, *manifest.App) {
	if id.Kind == "Application" && strings.HasPrefix(id.APIVersion, "argoproj.io/") {
		return argocd.Render
	}
	if current, ok := flux.Current(id.APIVersion, id.Kind); ok && flux.IsApplier(current.Kind) {
		return fluxcd.Render
	}
	return nil
}

// Apps yields every app once, rendered, in input order, and behind them what these
// deploy where Options.Follow asks for it. What was rendered is dropped
// when the next one comes, so that memory does not grow with their number.
func (r *Run) Apps(ctx context.Context) iter.Seq[*manifest.App] {
	return r.Some(ctx, func(*manifest.App) bool { return true })
}

// Some yields as Apps does those apps that are wanted, and renders no others. What an app
// renders to is not known when wanted is asked.
func (r *Run) Some(ctx context.Context, wanted func(*manifest.App) bool) iter.Seq[*manifest.App] {
	return func(yield func(*manifest.App) bool) {
		scratch, err := os.MkdirTemp("", "kubectl-gitops-")
		defer os.RemoveAll(scratch)
		r.env.Scratch = scratch
		for i := 0; i < len(r.apps); i++ { // following adds to them
			app := r.apps[i]
			if !wanted(app) {
				continue
			}
			if app.Err == nil {
				app.Err = err
			}
			r.render(ctx, app)
			more := yield(app)
			app.Objects, app.Left = nil, nil
			if !more {
				return
			}
		}
	}
}

func (r *Run) render(ctx context.Context, app *manifest.App) {
	if app.Err == nil {
		renderer(app.Object)(ctx, r.env, app)
	}
	if r.followed && app.Err == nil {
		app.Err = r.follow(app)
	}
	app.Err = source.Hide(app.Err)
	manifest.Sort(app.Objects)
	if r.plan != nil && app.Root != nil { // else it is no object at all
		r.plan.Add(app)
	}
}

// Stages returns the stages of an app that Apps has yielded, with Options.Plan.
func (r *Run) Stages(app *manifest.App) []*plan.Stage {
	if app.Root == nil {
		return nil
	}
	return r.plan.Stages(app)
}

// Plan returns how to apply the apps that Apps has yielded, with Options.Plan.
func (r *Run) Plan() *plan.Plan { return r.plan.Plan() }
