// Package source turns what an Application or a Flux source names into a directory:
// a local checkout that the user gave, else what is fetched into a cache.
package source

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	repo "helm.sh/helm/v4/pkg/repo/v1"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
)

// Kind is how a source is read.
type Kind string

// The kinds.
const (
	Git  Kind = "git"
	Helm Kind = "helm" // a Helm repository, oci:// ones too: Chart is a chart in it
	OCI  Kind = "oci"  // an artifact of a registry: manifests, or one chart
	// Bucket is never fetched; only a local checkout stands for it.
	Bucket Kind = "bucket"
)

// A Request names a tree. The tools read their own fields into it.
type Request struct {
	Kind Kind
	URL  string
	Ref  Ref
	// Chart is the name of a chart in a Helm repository; Ref.Revision its version or range.
	Chart string
	// Submodules asks for those of a Git repository, one level after the other.
	Submodules bool
	// Ignore is spec.ignore of a Flux source. It matters where Artifact is set: the tree
	// then lacks what Flux leaves out of its artifacts.
	Ignore   string
	Artifact bool
	// MediaType selects a layer of an OCI artifact (layerSelector.mediaType); "" is the
	// first.
	MediaType string
}

// A Ref names a revision. Argo CD has Revision and TagPrefix alone, which are read as its
// util/git/client.go LsRemote does; Flux has the other fields, of which the first that
// is set counts: Commit, Name, Tag, Semver, Branch for Git (fluxcd/pkg
// git/gogit/client.go Clone), and Digest, Semver, Tag for OCI (source-controller
// ocirepository_controller.go).
type Ref struct {
	Revision, TagPrefix               string
	Commit, Name, Tag, Semver, Branch string
	Digest, SemverFilter              string
}

// Text is the revision as a person would write it, for local checkouts and messages.
func (r Ref) Text() string {
	for _, text := range []string{r.Revision, r.Commit, r.Digest, r.Name, r.Tag, r.Semver, r.Branch} {
		if text != "" {
			return text
		}
	}
	return ""
}

// A Tree is a directory with the content of a source. It is never written to.
type Tree struct {
	// Dir is absolute. For a chart it is the chart's own directory.
	Dir string
	// URL is without credentials; Revision is what was asked for, or "" where
	// the source's default was, and Resolved what it was found to be, "" where a local
	// checkout does not tell.
	URL, Revision, Resolved string
	// Local tells that the user gave the directory.
	Local bool

	artifact bool
	ignore   string
	// bare tells that submodules are empty directories.
	bare    bool
	listing listing
}

// A Checkout is a local directory that stands for a source.
type Checkout struct {
	// URL is compared after normalisation, and Revision with Ref.Text; empty fits all.
	URL, Revision string
	Dir           string
}

// Sources finds trees. It is safe for use by several goroutines.
type Sources struct {
	// Checkouts are searched in order, before anything is fetched.
	Checkouts []Checkout
	// Offline forbids the network.
	Offline bool
	// Cache is the directory for what is fetched; "" means kubectl-gitops in the
	// user's cache directory.
	Cache string

	mu      sync.Mutex
	trees   map[Request]*Tree
	indexes map[string]*repo.IndexFile // by the URL of the repository
}

// ErrUnavailable is what every error of Tree is: nobody knows what the source holds.
var ErrUnavailable = errors.New("the source is not available")

// unavailable is an error of Tree, whose text says more than that of ErrUnavailable.
type unavailable struct{ error }

func (u unavailable) Unwrap() error        { return u.error }
func (u unavailable) Is(target error) bool { return target == ErrUnavailable }

// ErrOffline tells that a tree would have to be fetched.
var ErrOffline = errors.New("not fetched, as --offline is given: pass a checkout with --source")

// Tree returns the tree that r names. Equal requests share one.
func (s *Sources) Tree(ctx context.Context, r Request) (*Tree, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if tree, ok := s.trees[r]; ok {
		return tree, nil
	}
	tree, err := s.find(ctx, r)
	if err != nil {
		return nil, unavailable{fmt.Errorf("%s: %w", Public(r.URL), hide(err, r.URL))}
	}
	tree.artifact, tree.ignore = r.Artifact, r.Ignore
	tree.bare = r.Kind == Git && r.Artifact && !r.Submodules
	if s.trees == nil {
		s.trees = map[Request]*Tree{}
	}
	s.trees[r] = tree
	return tree, nil
}

func (s *Sources) find(ctx context.Context, r Request) (*Tree, error) {
	tree, err := s.local(r)
	if tree != nil || err != nil {
		return tree, err
	}
	switch {
	case r.Kind == Git:
		return s.git(ctx, r)
	case r.Kind == Bucket:
		return nil, errors.New("buckets are not fetched: pass a copy with --source")
	case r.Kind == Helm && !strings.HasPrefix(r.URL, "oci://") && strings.Contains(r.URL, "://"):
		return s.helm(ctx, r)
	default:
		return s.oci(ctx, r)
	}
}

// local returns the first checkout of the source, or nil.
func (s *Sources) local(r Request) (*Tree, error) {
	for _, c := range s.Checkouts {
		if checkout.Normal(c.URL) != checkout.Normal(r.URL) || c.Revision != "" && c.Revision != r.Ref.Text() {
			continue
		}
		// Links on the way would make one file have two names.
		dir, err := filepath.EvalSymlinks(c.Dir)
		if err == nil {
			dir, err = filepath.Abs(dir)
		}
		if err == nil && r.Kind == Helm {
			dir, err = localChart(dir, r.Chart, r.Ref.Revision)
		}
		if err != nil {
			return nil, err
		}
		return &Tree{Dir: dir, URL: Public(r.URL), Revision: r.Ref.Text(), Resolved: head(dir), Local: true}, nil
	}
	return nil, nil
}
