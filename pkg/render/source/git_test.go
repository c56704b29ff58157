package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// A history is a repository on the disk.
type history struct {
	t    *testing.T
	dir  string
	repo *git.Repository
	n    int
}

func newHistory(t *testing.T) *history {
	t.Helper()
	h := &history{t: t, dir: t.TempDir()}
	var err error
	h.repo, err = git.PlainInitWithOptions(h.dir, &git.PlainInitOptions{
		InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName("main")},
	})
	h.check(err)
	return h
}

func (h *history) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// commit makes a commit whose file "which" names it, and gives it references.
func (h *history) commit(name string, refs ...string) string {
	h.t.Helper()
	tree, err := h.repo.Worktree()
	h.check(err)
	h.check(os.WriteFile(filepath.Join(h.dir, "which"), []byte(name), 0o644))
	_, err = tree.Add("which")
	h.check(err)
	h.n++
	who := &object.Signature{Name: "a", Email: "a@example.com", When: time.Unix(int64(h.n), 0)}
	hash, err := tree.Commit(name, &git.CommitOptions{Author: who})
	h.check(err)
	for _, ref := range refs {
		if annotated, ok := strings.CutPrefix(ref, "annotated:"); ok {
			_, err := h.repo.CreateTag(annotated, hash, &git.CreateTagOptions{Tagger: who, Message: "m"})
			h.check(err)
			continue
		}
		h.check(h.repo.Storer.SetReference(plumbing.NewHashReference(plumbing.ReferenceName(ref), hash)))
	}
	return hash.String()
}

// TestGit fetches every form of a revision, as the tools resolve it.
func TestGit(t *testing.T) {
	h := newHistory(t)
	first := h.commit("first", "refs/tags/v1.0.0", "refs/heads/2.x", "refs/tags/1.9", "refs/heads/feature/a", "refs/tags/app/1.1.0")
	h.commit("second", "annotated:v1.2.0", "refs/pull/1/head", "refs/tags/app/1.0.0")
	h.commit("third", "refs/tags/v2.0.0-rc.1", "refs/tags/2.5.0")
	h.commit("fourth")
	for _, c := range []struct {
		name string
		ref  Ref
		want string // or an error
	}{
		{"argo head", Ref{}, "fourth"},
		{"argo HEAD", Ref{Revision: "HEAD"}, "fourth"},
		{"argo branch", Ref{Revision: "main"}, "fourth"},
		{"argo branch with slash", Ref{Revision: "feature/a"}, "first"},
		{"argo full name", Ref{Revision: "refs/heads/main"}, "fourth"},
		{"argo tag", Ref{Revision: "v1.0.0"}, "first"},
		{"argo annotated tag", Ref{Revision: "v1.2.0"}, "second"},
		{"argo range", Ref{Revision: "1.x"}, "first"}, // the lenient 1.9
		{"argo range before branch", Ref{Revision: "2.x"}, "third"},
		{"argo pin", Ref{Revision: "1.9"}, "first"},
		{"argo commit", Ref{Revision: first}, "first"},
		{"argo short commit", Ref{Revision: first[:8]}, "first"},
		{"argo range with prefix", Ref{Revision: "1.x", TagPrefix: "app/"}, "first"},
		{"argo version with prefix", Ref{Revision: "1.0.0", TagPrefix: "app/"}, "second"},
		{"argo version without its prefix", Ref{Revision: "2.5.0", TagPrefix: "app/"}, "error"},
		{"argo branch in spite of a prefix", Ref{Revision: "main", TagPrefix: "app/"}, "fourth"},
		{"argo none", Ref{Revision: "none"}, "error"},
		{"flux branch", Ref{Branch: "main"}, "fourth"},
		{"flux branch like a range", Ref{Branch: "2.x"}, "first"},
		{"flux branch HEAD", Ref{Branch: "HEAD"}, "error"},
		{"flux no branch of a tag", Ref{Branch: "v1.0.0"}, "error"},
		{"flux tag before semver", Ref{Tag: "v1.0.0", Semver: "*", Branch: "main"}, "first"},
		{"flux semver of three parts", Ref{Semver: "1.x", Branch: "main"}, "second"},
		{"flux semver with prereleases", Ref{Semver: ">=2.0.0-0 <2.1.0"}, "third"},
		{"flux semver none", Ref{Semver: "3.x"}, "error"},
		{"flux name", Ref{Name: "refs/pull/1/head", Tag: "v1.0.0"}, "second"},
		{"flux commit first", Ref{Commit: first, Name: "refs/heads/main"}, "first"},
		{"flux short commit", Ref{Commit: first[:8]}, "error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &Sources{Cache: t.TempDir()}
			tree, err := s.Tree(context.Background(), Request{Kind: Git, URL: "file://" + h.dir, Ref: c.ref})
			if c.want == "error" {
				if err == nil {
					t.Fatalf("got %s", which(t, tree))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := which(t, tree); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if len(tree.Resolved) < 8 {
				t.Errorf("resolved to %q", tree.Resolved)
			}
			files, err := tree.Files()
			if err != nil || len(files.Entries(".")) != 1 {
				t.Errorf("files %v, %v", files.Entries("."), err)
			}
		})
	}
}

func which(t *testing.T, tree *Tree) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(tree.Dir, "which"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestOffline: what is pinned comes from the cache, and nothing else does.
func TestOffline(t *testing.T) {
	h := newHistory(t)
	commit := h.commit("first")
	cache := t.TempDir()
	pinned := Request{Kind: Git, URL: "file://" + h.dir, Ref: Ref{Commit: commit}}
	if _, err := (&Sources{Cache: cache, Offline: true}).Tree(context.Background(), pinned); !errors.Is(err, ErrOffline) {
		t.Errorf("an empty cache: %v", err)
	}
	if _, err := (&Sources{Cache: cache}).Tree(context.Background(), pinned); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(h.dir); err != nil {
		t.Fatal(err)
	}
	s := &Sources{Cache: cache, Offline: true}
	if tree, err := s.Tree(context.Background(), pinned); err != nil || which(t, tree) != "first" {
		t.Errorf("not from the cache: %v", err)
	}
	for _, r := range []Request{
		{Kind: Git, URL: "file://" + h.dir, Ref: Ref{Branch: "main"}},
		{Kind: Helm, URL: "https://charts.example.com", Chart: "a"},
		{Kind: OCI, URL: "oci://registry.example.com/a"},
	} {
		if _, err := s.Tree(context.Background(), r); !errors.Is(err, ErrOffline) {
			t.Errorf("%s: %v", r.URL, err)
		}
	}
}

// TestSubmodules: Argo CD fetches them, Flux where it is told to.
func TestSubmodules(t *testing.T) {
	inner := newHistory(t)
	commit := inner.commit("inner")
	h := newHistory(t)
	h.commit("outer")
	tree, err := h.repo.Worktree()
	h.check(err)
	h.check(os.WriteFile(filepath.Join(h.dir, ".gitmodules"), []byte("[submodule \"in\"]\n\tpath = in\n\turl = file://"+inner.dir+"\n"), 0o644))
	_, err = tree.Add(".gitmodules")
	h.check(err)
	index, err := h.repo.Storer.Index()
	h.check(err)
	entry := index.Add("in")
	entry.Mode, entry.Hash = 0o160000, plumbing.NewHash(commit)
	h.check(h.repo.Storer.SetIndex(index))
	h.commit("with submodule")
	for _, with := range []bool{true, false} {
		got, err := (&Sources{Cache: t.TempDir()}).Tree(context.Background(),
			Request{Kind: Git, URL: "file://" + h.dir, Ref: Ref{Branch: "main"}, Submodules: with})
		if err != nil {
			t.Fatal(err)
		}
		files, err := got.Files()
		if err != nil {
			t.Fatal(err)
		}
		if files.IsFile("in/which") != with || files.IsFile("in/.git") {
			t.Errorf("submodules %v: %v", with, files.Entries("in"))
		}
	}
}
