package flux

import (
	"context"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// find returns an object that the app refers to; it is an error that there is none.
func (r *render) find(ref flux.Ref) (*cluster.Object, error) {
	o, err := r.env.Objects.Find(ref, r.app.File)
	if err == nil && o == nil {
		err = fmt.Errorf("%s is not in the input: add the file that holds it", ref)
	}
	return o, err
}

// tree returns the artifact of a source object.
func (r *render) tree(ctx context.Context, o *cluster.Object) (*source.Tree, error) {
	request := source.Request{URL: node.Text(o.Root, "spec", "url"), Artifact: true, Ignore: node.Text(o.Root, "spec", "ignore")}
	ref := node.At(o.Root, "spec", "ref")
	switch o.Kind {
	case flux.GitRepository.Name:
		request.Kind, request.Ref = source.Git, gitRef(ref)
		request.Submodules = node.True(o.Root, "spec", "recurseSubmodules")
		r.narrowed(o)
	case flux.OCIRepository.Name:
		request.Kind, request.Ref = source.OCI, ociRef(ref)
		request.MediaType = node.Text(o.Root, "spec", "layerSelector", "mediaType")
	case flux.Bucket.Name:
		request.Kind = source.Bucket
		request.URL = node.Text(o.Root, "spec", "endpoint") + "/" + node.Text(o.Root, "spec", "bucketName")
	default:
		return nil, fmt.Errorf("%s cannot be rendered: only GitRepository, OCIRepository and Bucket have files", o.Ref)
	}
	tree, err := r.env.Sources.Tree(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Ref, err)
	}
	return tree, nil
}

// narrowed notes what of a GitRepository changes its artifact and is not done here.
func (r *render) narrowed(o *cluster.Object) {
	for _, field := range []string{"include", "sparseCheckout"} {
		if len(node.Items(o.Root, "spec", field)) > 0 {
			r.app.Note("source-composed", ledger.Unsupported, r.SourcePath(), fmt.Sprintf(
				"spec.%s of %s is not followed: the whole repository was read, and no other", field, o.Ref))
		}
	}
}

// gitRef reads spec.ref of a GitRepository. Without one Flux takes the branch master
// (fluxcd/pkg git/repository.go DefaultBranch, git/gogit/client.go Clone).
func gitRef(ref *yaml.Node) source.Ref {
	r := source.Ref{
		Commit: node.Text(ref, "commit"), Name: node.Text(ref, "name"), Tag: node.Text(ref, "tag"),
		Semver: node.Text(ref, "semver"), Branch: node.Text(ref, "branch"),
	}
	if r == (source.Ref{}) {
		r.Branch = "master"
	}
	return r
}

// ociRef reads spec.ref of an OCIRepository. Without one Flux takes the tag latest
// (source-controller ocirepository_controller.go getArtifactRef).
func ociRef(ref *yaml.Node) source.Ref {
	r := source.Ref{
		Digest: node.Text(ref, "digest"), Semver: node.Text(ref, "semver"), Tag: node.Text(ref, "tag"),
		SemverFilter: node.Text(ref, "semverFilter"),
	}
	if r == (source.Ref{}) {
		r.Tag = "latest"
	}
	return r
}
