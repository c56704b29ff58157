package argocd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A valueFile is a file that a field names, in the source or in one that it refers to.
type valueFile struct {
	name string // as the field has it
	path string // absolute
	root string // of the source that holds it

	globbed bool // found by a glob
}

// locate finds the file. A first part $NAME names a source; variables are substituted
// in what follows (repository.go getResolvedValueFiles, getResolvedRefValueFile).
func (r *rendering) locate(name string) (f valueFile, err error) {
	f = valueFile{name: name, root: r.root}
	dir, rest := r.dir, name
	if ref, below, _ := strings.Cut(name, "/"); strings.HasPrefix(ref, "$") {
		root, err := r.refs.use(ref[1:])
		if err != nil {
			return f, err
		}
		if root != "" {
			f.root, dir, rest = root, root, "/"+below
		}
	}
	rest = r.env.expand(rest)
	if err := local(rest); err != nil {
		return f, err
	}
	if f.path, err = resolve(f.root, dir, rest); err == nil && f.path == f.root {
		err = fmt.Errorf("%s is the source itself", name)
	}
	return f, err
}

// valueFiles returns the files to read, in order, each once. What a glob matches and the
// list also names keeps its place in the list.
func (r *rendering) valueFiles(spec *helmSource) (files []valueFile, err error) {
	listed := make([]valueFile, len(spec.ValueFiles))
	named, seen := map[string]bool{}, map[string]bool{}
	for i, name := range spec.ValueFiles {
		if listed[i], err = r.locate(name); err != nil {
			return nil, err
		}
		named[listed[i].path] = !listed[i].glob()
	}
	for _, f := range listed {
		found, err := f.expand()
		if err != nil {
			return nil, err
		}
		if len(found) == 0 && !spec.IgnoreMissingValueFiles {
			return nil, fmt.Errorf("value file %s: no such file in the source", f.name)
		}
		for _, f := range found {
			if !seen[f.path] && !(f.globbed && named[f.path]) {
				seen[f.path] = true
				files = append(files, f)
			}
		}
	}
	return files, nil
}

// glob tells whether the file is a pattern. Argo CD 3.6 expands them; earlier versions
// look for a file of that name.
func (f valueFile) glob() bool { return strings.ContainsAny(f.path, "*?[") }

// expand returns the file, or what it matches; nothing where there is no such file.
func (f valueFile) expand() (found []valueFile, err error) {
	if !f.glob() {
		if _, err := os.Stat(f.path); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return []valueFile{f}, nil
	}
	matches, err := doublestar.FilepathGlob(f.path)
	if err != nil {
		return nil, fmt.Errorf("value file %s: %w", f.name, err)
	}
	for _, match := range matches {
		target, err := filepath.EvalSymlinks(match)
		if err != nil || !inside(f.root, target) {
			return nil, fmt.Errorf("value file %s: %s %w", f.name, filepath.Base(match), errOutside)
		}
		found = append(found, valueFile{f.name, match, f.root, true})
	}
	return found, nil
}
