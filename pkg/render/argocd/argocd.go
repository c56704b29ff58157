// Package argocd renders Applications as Argo CD's repository server does
// (v3.6.1, reposerver/repository/repository.go), and gives the objects the namespaces
// that its controller gives them (controller/state.go NormalizeTargetObjects). What it
// adds to track them is left out: it depends on how Argo CD is set up.
package argocd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// skipReconcile is the annotation that stops the controller (appcontroller.go
// canProcessApp).
const skipReconcile = "argocd.argoproj.io/skip-reconcile"

// A rendering is one source of an Application on its way.
type rendering struct {
	shared *env.Env
	out    *manifest.App
	app    *application
	source *appSource
	refs   *references

	// root is the source's tree, and dir the directory in it that is rendered.
	root, dir string
	env       buildEnv
	origin    manifest.Origin
}

// Render sets what the Application app renders to, or app.Err.
func Render(ctx context.Context, shared *env.Env, out *manifest.App) {
	app, err := decode(out.Root)
	if err != nil {
		out.Err = err
		return
	}
	out.Target = app.Spec.Destination.Namespace
	if skip, err := strconv.ParseBool(app.Metadata.Annotations[skipReconcile]); err == nil && skip {
		out.Note("application-skipped", ledger.Approximate, ledger.Key("metadata.annotations", skipReconcile),
			"Argo CD does nothing for this Application while the annotation is set: it applies what is rendered once that is gone")
	}
	sources := app.sources()
	if len(sources) == 0 {
		out.Err = errors.New("the Application has no source")
		return
	}
	refs := &references{ctx: ctx, shared: shared, sources: sources}
	for i := range sources {
		s := &sources[i]
		if app.multiple() && s.Path == "" && s.Chart == "" {
			continue // values for the others (repository.go GenerateManifest)
		}
		r := &rendering{shared: shared, out: out, app: app, source: s}
		if app.multiple() {
			r.refs = refs.of(s)
		}
		objects, err := r.render(ctx)
		if err != nil {
			out.Objects, out.Err = nil, fmt.Errorf("%s: %s: %w", s.at, source.Public(s.RepoURL), err)
			return
		}
		out.Objects = append(out.Objects, objects...)
	}
	settle(shared, out)
}

// render renders the source.
func (r *rendering) render(ctx context.Context) ([]manifest.Object, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	if err := r.source.override(r.dir, r.app.Metadata.Name); err != nil {
		return nil, err
	}
	kind, err := r.source.explicit()
	if err != nil {
		return nil, err
	}
	if kind == "" {
		if kind, err = discover(r.dir); err != nil {
			return nil, err
		}
	}
	var objects []manifest.Object
	switch kind {
	case helmType:
		objects, err = r.helm(ctx)
	case kustomizeType:
		objects, err = r.kustomize()
	case pluginType:
		return nil, errors.New("plugin: a config management plugin runs programs, which is never done here: render with it and give the result as a source")
	default:
		objects, err = r.directory()
	}
	return objects, manifest.Refused(err)
}

// open finds the tree of the source.
func (r *rendering) open(ctx context.Context) error {
	tree, err := r.shared.Sources.Tree(ctx, r.source.request())
	if err != nil {
		return err
	}
	dir := tree.Dir
	if r.source.Chart != "" {
		if dir, err = unpacked(r.shared, dir); err != nil {
			return err
		}
	}
	// Links are followed once, so that names tell what is inside.
	if r.root, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	if r.dir, err = appDir(r.root, r.source.dir()); err != nil {
		return err
	}
	r.origin = manifest.Origin{Source: tree.URL, Revision: tree.Revision}
	r.env = newBuildEnv(r, tree)
	return nil
}

// dir is the directory in the tree. For a chart of a repository, that is the chart.
func (s *appSource) dir() string {
	if s.Chart != "" {
		return ""
	}
	return s.Path
}

// request names the tree of the source.
func (s *appSource) request() source.Request {
	r := source.Request{Kind: source.Git, URL: s.RepoURL, Ref: source.Ref{Revision: s.TargetRevision, TagPrefix: s.TagPrefix}, Submodules: true}
	switch {
	case s.oci():
		r.Kind, r.Submodules, r.Ref.TagPrefix = source.OCI, false, ""
	case s.Chart != "":
		r.Kind, r.Chart, r.Submodules, r.Ref.TagPrefix = source.Helm, s.Chart, false, ""
	}
	return r
}

// note says what may differ.
func (r *rendering) note(id, path, note string) {
	r.out.Note(id, ledger.Approximate, path, note)
}

// rel returns the name of a file in the source.
func (r *rendering) rel(name string) string {
	if below, err := filepath.Rel(r.root, name); err == nil {
		return filepath.ToSlash(below)
	}
	return name
}
