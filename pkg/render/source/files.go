package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/config"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
)

// Files lists what a tree holds, read once: a run looks at the same trees again and
// again. Names are relative, with slashes; the root is ".".
type Files struct {
	Dir string
	// dirs hold the sorted names of their entries; files are all others.
	dirs  map[string][]string
	files map[string]bool
}

// listing is a Files that is made when it is asked for.
type listing struct {
	once  sync.Once
	files *Files
	err   error
}

// Files lists the tree. Of a Git work tree it leaves out .git; of what Flux makes an
// artifact of also what the artifact lacks: links (fluxcd/pkg artifact/storage Archive
// takes regular files only), submodules that were not asked for, and what is ignored.
func (t *Tree) Files() (*Files, error) {
	t.listing.once.Do(func() { t.listing.files, t.listing.err = t.list() })
	return t.listing.files, t.listing.err
}

func (t *Tree) list() (*Files, error) {
	f := &Files{Dir: t.Dir, dirs: map[string][]string{".": {}}, files: map[string]bool{}}
	held := func(string) bool { return true }
	tree := os.DirFS(t.Dir)
	if t.artifact {
		held = (&checkout.Repo{FS: tree}).Artifact(t.ignore)
	}
	submodules, err := t.submodules()
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
		case d.Name() == ".git" && d.IsDir():
			return fs.SkipDir
		case d.Name() == ".git": // of a submodule
		case d.IsDir() && submodules[name]:
			return fs.SkipDir
		case d.IsDir():
			f.dirs[name] = []string{}
			f.enter(name)
		case !t.artifact || d.Type().IsRegular() && held(name):
			f.files[name] = true
			f.enter(name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// submodules are the directories that are not fetched, though a checkout of the user has them:
// source-controller clones none unless it is told to (GitRepository docs, Recurse submodules).
func (t *Tree) submodules() (map[string]bool, error) {
	dirs := map[string]bool{}
	if !t.bare {
		return dirs, nil
	}
	data, err := os.ReadFile(filepath.Join(t.Dir, ".gitmodules"))
	if errors.Is(err, fs.ErrNotExist) {
		return dirs, nil
	}
	if err != nil {
		return nil, err
	}
	modules := config.NewModules()
	if err := modules.Unmarshal(data); err != nil {
		return nil, fmt.Errorf(".gitmodules: %w", err)
	}
	for _, m := range modules.Submodules {
		dirs[path.Clean(m.Path)] = true
	}
	return dirs, nil
}

// enter adds a name to its directory; names come in lexical order.
func (f *Files) enter(name string) {
	dir := path.Dir(name)
	f.dirs[dir] = append(f.dirs[dir], path.Base(name))
}

// Name returns the name of an absolute path; ok is false outside of the tree.
func (f *Files) Name(absolute string) (name string, ok bool) {
	if absolute == f.Dir {
		return ".", true
	}
	rest, ok := strings.CutPrefix(absolute, f.Dir)
	if !ok || rest[0] != filepath.Separator && f.Dir != string(filepath.Separator) {
		return "", false
	}
	name = path.Clean(filepath.ToSlash(strings.TrimPrefix(rest, string(filepath.Separator))))
	return name, name != ".." && !strings.HasPrefix(name, "../")
}

// IsFile and IsDir tell what a name is.
func (f *Files) IsFile(name string) bool { return f.files[name] }

// IsDir tells whether the name is a directory.
func (f *Files) IsDir(name string) bool {
	_, ok := f.dirs[name]
	return ok
}

// Entries returns the names in a directory, in lexical order.
func (f *Files) Entries(dir string) []string { return f.dirs[dir] }

// Read returns the content of a file that the tree holds.
func (f *Files) Read(name string) ([]byte, error) {
	if !f.files[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return os.ReadFile(filepath.Join(f.Dir, filepath.FromSlash(name)))
}

// Walk calls fn for all files below dir, in lexical order. fn may return fs.SkipDir
// for a directory.
func (f *Files) Walk(dir string, fn func(name string, isDir bool) error) error {
	for _, entry := range f.dirs[dir] {
		name := path.Join(dir, entry)
		isDir := f.IsDir(name)
		switch err := fn(name, isDir); {
		case errors.Is(err, fs.SkipDir) && isDir:
			continue
		case err != nil:
			return err
		}
		if isDir {
			if err := f.Walk(name, fn); err != nil {
				return err
			}
		}
	}
	return nil
}
