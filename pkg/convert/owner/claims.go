// Package owner finds out which Kustomization applies which document of the input, by
// the paths of the files.
package owner

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
)

// A Layer is a Kustomization.
type Layer interface {
	// Dir is spec.path below the root of the source; ok is false where it is not known.
	Dir() (dir string, ok bool)
	// Source is the reference to what it deploys from.
	Source() flux.Ref
	// File is where its manifest stands.
	File() string
	// Components are spec.components.
	Components() []string
}

// Claims tell which Kustomizations apply a file. A Kustomization names a directory of
// its source, and where that begins in the paths of the input nobody says: any leading
// part may be it, until a Kustomization is found that applies others of its source.
type Claims struct {
	byPath map[string][]Layer
	// beside are claims on directories and files of the input beside spec.path.
	beside map[string][]claim
	// homes are the directories of the input where a source begins.
	homes map[string]flux.Ref
	// known are answers so far.
	mu    sync.Mutex
	known map[string][]Layer
}

// A claim is one way to read a file's path.
type claim struct {
	by    Layer
	root  string // where the source begins
	depth int    // of the path that matched
}

// New returns the claims of the layers on files.
func New(layers []Layer, files []File) *Claims {
	c := &Claims{
		byPath: map[string][]Layer{}, beside: map[string][]claim{}, homes: map[string]flux.Ref{},
		known: map[string][]Layer{},
	}
	for _, l := range layers {
		if dir, ok := l.Dir(); ok {
			dir = strings.Join(segments(path.Clean("/"+dir)), "/")
			c.byPath[dir] = append(c.byPath[dir], l)
		}
	}
	c.settleHomes(layers)
	c.follow(files)
	return c
}

// settleHomes: a Kustomization and the one whose manifest it applies are of the same
// repository where both deploy from the same source.
func (c *Claims) settleHomes(layers []Layer) {
	homes := map[string]flux.Ref{}
	for _, l := range layers {
		for _, by := range deepest(c.all(l.File())) {
			if by.depth == 0 || !alike(by.by.Source(), l.Source()) {
				continue
			}
			if other, taken := homes[by.root]; taken && !alike(other, l.Source()) {
				homes[by.root] = flux.Ref{} // nobody's
				continue
			}
			homes[by.root] = l.Source()
		}
	}
	c.homes = homes
}

// alike tells whether both may be the same object: a kustomization may supply the
// namespace.
func alike(a, b flux.Ref) bool {
	return a.Kind == b.Kind && a.Name == b.Name && (a.Namespace == b.Namespace || a.Namespace == "" || b.Namespace == "")
}

// Owners returns the Kustomizations that apply the documents of a file: of those above
// it the ones with the deepest path. One of them may stand in the file itself.
func (c *Claims) Owners(file string) []Layer {
	c.mu.Lock()
	defer c.mu.Unlock()
	owners, known := c.known[file]
	if known {
		return owners
	}
	for _, by := range deepest(c.all(file)) {
		if !slices.Contains(owners, by.by) {
			owners = append(owners, by.by)
		}
	}
	c.known[file] = owners
	return owners
}

func deepest(all []claim) []claim {
	depth := 0
	for _, one := range all {
		depth = max(depth, one.depth)
	}
	return slices.DeleteFunc(all, func(one claim) bool { return one.depth < depth })
}

// all returns every claim on a file.
func (c *Claims) all(file string) (found []claim) {
	whole := segments(Slashed(file))
	dirs := whole[:max(0, len(whole)-1)]
	home, source, known := c.home(dirs)
	for i := range len(whole) {
		found = append(found, c.beside[strings.Join(whole[:i+1], "/")]...)
	}
	for i := range len(dirs) + 1 {
		for j := i; j <= len(dirs); j++ {
			if i == j && i > 0 {
				continue // the path of the root matches once
			}
			root, at := strings.Join(dirs[:i], "/"), strings.Join(dirs[i:j], "/")
			for _, l := range c.byPath[at] {
				if !known || alike(source, l.Source()) && (i == j || root == home) {
					found = append(found, claim{l, root, j - i})
				}
			}
		}
	}
	return found
}

// home returns the outermost directory above that is known to be a source's.
func (c *Claims) home(dirs []string) (root string, source flux.Ref, known bool) {
	for i := range len(dirs) + 1 {
		root = strings.Join(dirs[:i], "/")
		if source, known = c.homes[root]; known {
			return root, source, true
		}
	}
	return "", flux.Ref{}, false
}

// segments cuts a path; "." and ".." are resolved, and above the root is the root.
func segments(name string) []string {
	clean := strings.Trim(path.Clean(name), "/")
	if clean == "." || clean == "" {
		return nil
	}
	return strings.Split(clean, "/")
}
