package oracle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	apppath "github.com/argoproj/argo-cd/v3/util/app/path"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
	"github.com/argoproj/gitops-engine/pkg/sync/hook"
	"github.com/argoproj/gitops-engine/pkg/sync/ignore"
	"github.com/argoproj/gitops-engine/pkg/sync/syncwaves"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// A renderer has one Application rendered by Argo CD, on a copy of the fixtures, since
// Argo CD edits what it renders.
type renderer struct {
	repos string // the copy
	app   *v1alpha1.Application
	paths utilio.TempPaths
	refs  map[string]*v1alpha1.RefTarget
}

// temporary is the name of a file that Argo CD writes helm.values to.
var temporary = regexp.MustCompile(regexp.QuoteMeta(os.TempDir()) + "/[0-9a-f-]{36}")

// render does what the controller's GetRepoObjs and CompareAppState do. The objects are
// those of Argo CD's repository server, the hooks those of its gitops-engine.
func (r *renderer) render(ctx context.Context) *golden {
	g := &golden{}
	objects, err := r.generate(ctx, g)
	if err != nil {
		g.Error = strings.TrimSpace(temporary.ReplaceAllString(strings.ReplaceAll(err.Error(), r.repos, "."), "VALUES"))
		g.Types = nil
		return g
	}
	objects, g.Repeated = place(objects, r.app.Spec.Destination.Namespace)
	for _, o := range objects {
		if hook.Skip(o) || ignore.Ignore(o) {
			g.Withheld = append(g.Withheld, name(o))
			continue
		}
		g.Objects = append(g.Objects, describe(o))
	}
	return g
}

func describe(o *unstructured.Unstructured) object {
	described := object{Wave: syncwaves.Wave(o), Manifest: o.Object}
	if hook.IsHook(o) {
		for _, t := range hook.Types(o) {
			described.Phases = append(described.Phases, string(t))
		}
		for _, p := range hook.DeletePolicies(o) {
			described.Policies = append(described.Policies, string(p))
		}
	}
	slices.Sort(described.Phases)
	slices.Sort(described.Policies)
	return described
}

// generate renders the sources one after the other.
func (r *renderer) generate(ctx context.Context, g *golden) (objects []*unstructured.Unstructured, err error) {
	r.paths, r.refs = utilio.NewRandomizedTempPaths(r.repos), map[string]*v1alpha1.RefTarget{}
	multiple := r.app.Spec.HasMultipleSources()
	for _, s := range r.app.Spec.GetSources() {
		r.paths.Add(git.NormalizeGitURL(s.RepoURL), r.root(&s))
		if multiple && s.Ref != "" {
			r.refs["$"+s.Ref] = &v1alpha1.RefTarget{Repo: v1alpha1.Repository{Repo: s.RepoURL}, TargetRevision: s.TargetRevision, Chart: s.Chart}
		}
	}
	for _, s := range r.app.Spec.GetSources() {
		if multiple && s.Path == "" && s.Chart == "" { // as Service.GenerateManifest
			continue
		}
		response, err := r.source(ctx, &s, multiple)
		if err != nil {
			return nil, err
		}
		g.Types = append(g.Types, response.SourceType)
		for _, m := range response.Manifests {
			o := &unstructured.Unstructured{}
			if err := json.Unmarshal([]byte(m), o); err != nil {
				return nil, err
			}
			objects = append(objects, o)
		}
	}
	return objects, nil
}

func (r *renderer) source(ctx context.Context, s *v1alpha1.ApplicationSource, multiple bool) (*apiclient.ManifestResponse, error) {
	root, dir := r.root(s), r.root(s)
	if s.Chart == "" {
		var err error
		if dir, err = apppath.Path(root, s.Path); err != nil {
			return nil, err
		}
	}
	if s.Helm != nil {
		for _, f := range s.Helm.ValueFiles { // as Service.resolveReferencedSources
			name, _, _ := strings.Cut(f, "/")
			if strings.HasPrefix(f, "$") && r.refs[name] == nil && multiple {
				return nil, fmt.Errorf("source referenced %q, which is not one of the available sources", name)
			}
		}
	}
	return repository.GenerateManifests(ctx, dir, root, s.TargetRevision, &apiclient.ManifestRequest{
		Repo:               &v1alpha1.Repository{Repo: s.RepoURL},
		AppName:            r.app.InstanceName("argocd"),
		Namespace:          r.app.Spec.Destination.Namespace,
		ProjectName:        r.app.Spec.GetProject(),
		ApplicationSource:  s,
		Revision:           s.TargetRevision,
		HasMultipleSources: multiple,
		RefSources:         r.refs,
		KubeVersion:        "v1.33.4",
		HelmOptions:        &v1alpha1.HelmOptions{ValuesFileSchemes: []string{"https", "http"}},
	}, false, git.NoopCredsStore{}, resource.MustParse("0"), r.paths)
}

// root is where the fixtures hold a source: repositories by the last part of their URL,
// charts by their name.
func (r *renderer) root(s *v1alpha1.ApplicationSource) string {
	if s.Chart != "" {
		return filepath.Join(r.repos, "charts", s.Chart)
	}
	return filepath.Join(r.repos, filepath.Base(s.RepoURL))
}

// copyOf returns a copy of a directory, which Argo CD may write to.
func copyOf(dir, into string) (string, error) {
	into = filepath.Join(into, "repos")
	return into, errors.Join(os.MkdirAll(into, 0o755), os.CopyFS(into, os.DirFS(dir)))
}
