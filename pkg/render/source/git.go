package source

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/memory"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
)

// git fetches one commit of a repository. SSH asks the agent; HTTP has what the URL
// holds.
func (s *Sources) git(ctx context.Context, r Request) (*Tree, error) {
	submodules := fmt.Sprint(r.Submodules)
	key := []string{"git", checkout.Normal(r.URL), submodules}
	pinned := r.Ref.Commit
	if r.Ref.isArgo() && wholeCommit.MatchString(r.Ref.Revision) {
		pinned = r.Ref.Revision
	}
	commit := pinned
	var wanted revision
	if pinned == "" || !s.has(append(key, pinned)...) {
		if s.Offline {
			return nil, ErrOffline
		}
		refs, err := list(ctx, r.URL)
		if err != nil {
			return nil, err
		}
		if wanted, err = resolve(r.Ref, refs); err != nil {
			return nil, err
		}
		if commit, err = commitOf(wanted, refs); err != nil {
			return nil, err
		}
	}
	dir, err := s.cached(func(path string) error {
		return clone(ctx, path, r, wanted)
	}, append(key, commit)...)
	if err != nil {
		return nil, err
	}
	return &Tree{Dir: dir, URL: Public(r.URL), Revision: r.Ref.Text(), Resolved: commit}, nil
}

// list returns the references of a remote; peeled ones stand for annotated tags.
func list(ctx context.Context, url string) ([]*plumbing.Reference, error) {
	remote := git.NewRemote(memory.NewStorage(), &config.RemoteConfig{Name: "origin", URLs: []string{url}})
	refs, err := remote.ListContext(ctx, &git.ListOptions{PeelingOption: git.AppendPeeled})
	if err != nil {
		return nil, fmt.Errorf("its references cannot be listed: %w", err)
	}
	return refs, nil
}

// commitOf returns the commit of a revision; a short one stays short.
func commitOf(r revision, refs []*plumbing.Reference) (string, error) {
	if r.commit != "" {
		return r.commit, nil
	}
	hashes := map[plumbing.ReferenceName]*plumbing.Reference{}
	for _, ref := range refs {
		hashes[ref.Name()] = ref
	}
	ref := hashes[r.name]
	if peeled, ok := hashes[r.name+"^{}"]; ok {
		ref = peeled
	}
	if ref.Type() == plumbing.SymbolicReference {
		target, ok := hashes[ref.Target()]
		if !ok {
			return "", fmt.Errorf("%s leads to %s, which is not there", r.name, ref.Target())
		}
		ref = target
	}
	return ref.Hash().String(), nil
}

// clone writes the files of a revision to a directory.
func clone(ctx context.Context, path string, r Request, wanted revision) error {
	store := filesystem.NewStorage(osfs.New(path+".git"), cache.NewObjectLRUDefault())
	repo, err := git.Init(store, osfs.New(path))
	if err != nil {
		return err
	}
	if _, err := repo.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{r.URL}}); err != nil {
		return err
	}
	hash, err := fetch(ctx, repo, wanted)
	if err != nil {
		return err
	}
	tree, err := repo.Worktree()
	if err != nil {
		return err
	}
	if err := tree.Checkout(&git.CheckoutOptions{Hash: hash, Force: true}); err != nil {
		return fmt.Errorf("%s cannot be checked out: %w", hash, err)
	}
	if !r.Submodules {
		return nil
	}
	modules, err := tree.Submodules()
	if err != nil {
		return err
	}
	err = modules.UpdateContext(ctx, &git.SubmoduleUpdateOptions{Init: true, RecurseSubmodules: git.DefaultSubmoduleRecursionDepth})
	if err != nil {
		return fmt.Errorf("submodules: %w", err)
	}
	return nil
}

const fetched = plumbing.ReferenceName("refs/kubectl-gitops/fetched")

// fetch gets the commit alone where the server allows it, else the whole repository.
func fetch(ctx context.Context, repo *git.Repository, wanted revision) (plumbing.Hash, error) {
	from := wanted.name.String()
	if wanted.commit != "" {
		from = wanted.commit
	}
	if !shortCommit.MatchString(wanted.commit) {
		spec := config.RefSpec("+" + from + ":" + fetched.String())
		err := repo.FetchContext(ctx, &git.FetchOptions{RefSpecs: []config.RefSpec{spec}, Depth: 1, Tags: git.NoTags})
		if err == nil || errors.Is(err, git.NoErrAlreadyUpToDate) {
			return commitAt(repo, fetched.String())
		}
		if wanted.commit == "" {
			return plumbing.ZeroHash, fmt.Errorf("%s cannot be fetched: %w", from, err)
		}
	}
	err := repo.FetchContext(ctx, &git.FetchOptions{RefSpecs: []config.RefSpec{"+refs/*:refs/remotes/origin/*"}, Tags: git.AllTags})
	if err != nil && !errors.Is(err, git.NoErrAlreadyUpToDate) {
		return plumbing.ZeroHash, fmt.Errorf("it cannot be fetched: %w", err)
	}
	return commitAt(repo, wanted.commit)
}

func commitAt(repo *git.Repository, name string) (plumbing.Hash, error) {
	hash, err := repo.ResolveRevision(plumbing.Revision(name))
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("%s is no commit of it: %w", name, err)
	}
	return *hash, nil
}

// head returns the commit that is checked out in a directory, or "".
func head(dir string) string {
	repo, err := git.PlainOpen(filepath.Clean(dir))
	if err != nil {
		return ""
	}
	ref, err := repo.Head()
	if err != nil {
		return ""
	}
	return ref.Hash().String()
}
