package argocd

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
)

// references are the sources that value files of one source refer to as $NAME.
type references struct {
	ctx     context.Context
	shared  *env.Env
	sources []appSource
	// own is the source that refers, and used what it has referred to.
	own  *appSource
	used []*appSource
}

// of returns the references for a source.
func (r *references) of(s *appSource) *references {
	return &references{ctx: r.ctx, shared: r.shared, sources: r.sources, own: s}
}

// use returns the tree of the source that is called name: "" without several sources,
// where $NAME is a variable. One repository is held at one revision only
// (repository.go runManifestGenAsync).
func (r *references) use(name string) (root string, err error) {
	if r == nil {
		return "", nil
	}
	var found *appSource
	for i := range r.sources {
		if r.sources[i].Ref == name {
			found = &r.sources[i]
		}
	}
	switch {
	case found == nil:
		return "", fmt.Errorf("$%s: no source has this ref", name)
	case found.Chart != "":
		return "", fmt.Errorf("$%s: Argo CD refers to no files of a chart", name)
	}
	for _, other := range append(r.used, r.own) {
		if other.Chart == "" && checkout.Normal(other.RepoURL) == checkout.Normal(found.RepoURL) && other.TargetRevision != found.TargetRevision {
			return "", fmt.Errorf("$%s: Argo CD reads one repository at one revision, and this is %q beside %q", name, found.TargetRevision, other.TargetRevision)
		}
	}
	r.used = append(r.used, found)
	tree, err := r.shared.Sources.Tree(r.ctx, found.request())
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(tree.Dir)
}
