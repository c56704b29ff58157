// Package checkout answers questions about a source repository from a local copy.
package checkout

import (
	"bufio"
	"bytes"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/fluxcd/pkg/sourceignore/gitignore"
)

// maxFile bounds what is read of one file: manifests and values are far smaller.
const maxFile = 8 << 20

// A Repo is a local copy of a repository.
type Repo struct {
	FS fs.FS

	ignoring sync.Once
	// ignored are the patterns of all .sourceignore files.
	ignored []gitignore.Pattern
}

// Read returns the file's content; ok is false where it is absent or too large.
func (r *Repo) Read(name string) (data []byte, ok bool) {
	name = clean(name)
	info, err := fs.Stat(r.FS, name)
	if err != nil || info.IsDir() || info.Size() > maxFile {
		return nil, false
	}
	data, err = fs.ReadFile(r.FS, name)
	return data, err == nil
}

// Exists tells whether the repository holds the file or directory.
func (r *Repo) Exists(name string) bool {
	_, err := fs.Stat(r.FS, clean(name))
	return err == nil
}

// Glob expands a pattern of path.Match; a pattern without special characters
// matches itself.
func (r *Repo) Glob(pattern string) []string {
	names, err := fs.Glob(r.FS, clean(pattern))
	if err != nil {
		return nil
	}
	return names
}

// Submodules tells whether the repository has any.
func (r *Repo) Submodules() bool { return r.Exists(".gitmodules") }

// Head returns the default branch: what the remote's HEAD points at, else the
// branch that is checked out, else "".
func (r *Repo) Head() string {
	for _, source := range []struct{ file, prefix string }{
		{".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/"},
		{".git/HEAD", "ref: refs/heads/"},
		{"HEAD", "ref: refs/heads/"},
	} {
		if data, ok := r.Read(source.file); ok {
			if branch, ok := strings.CutPrefix(strings.TrimSpace(string(data)), source.prefix); ok {
				return branch
			}
		}
	}
	return ""
}

// RefKind tells whether name is a "branch" or a "tag" of the repository, "" where
// the local copy has neither.
func (r *Repo) RefKind(name string) string {
	for _, ref := range []struct{ dir, kind string }{
		{"refs/heads/", "branch"}, {"refs/remotes/origin/", "branch"}, {"refs/tags/", "tag"},
	} {
		if r.Exists(".git/"+ref.dir+name) || r.packed(ref.dir+name) {
			return ref.kind
		}
	}
	return ""
}

func (r *Repo) packed(ref string) bool {
	data, ok := r.Read(".git/packed-refs")
	if !ok {
		return false
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		if _, name, ok := strings.Cut(lines.Text(), " "); ok && name == ref {
			return true
		}
	}
	return false
}

// clean makes a repository path one that fs.FS takes; a path that leaves the
// repository becomes one inside it, as Argo CD and Flux resolve it.
func clean(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if name == "" {
		return "."
	}
	return name
}
