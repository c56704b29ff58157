package checkout

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/sourceignore/gitignore"
)

// Artifact returns what tells of a file below dir whether Flux's artifact of the
// repository holds it. ignore is spec.ignore of the source. As soon as there is one
// pattern of the user's anywhere in the repository, the default ones are gone (fluxcd/pkg
// artifact/storage SourceIgnoreFilter).
func (r *Repo) Artifact(dir, ignore string) func(name string) bool {
	patterns := r.ignorePatterns(dir)
	patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(ignore), nil)...)
	matcher := sourceignore.NewDefaultMatcher(nil, nil)
	if len(patterns) > 0 || r.ignoresSome() {
		matcher = gitignore.NewMatcher(append(sourceignore.VCSPatterns(nil), patterns...))
	}
	return func(name string) bool { return !matcher.Match(strings.Split(name, "/"), false) }
}

// ignoresSome tells whether any .sourceignore file of the repository has a pattern.
func (r *Repo) ignoresSome() bool {
	r.ignoring.Do(func() {
		_ = fs.WalkDir(r.FS, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() != sourceignore.IgnoreFile {
				return nil
			}
			data, _ := r.Read(name)
			if r.ignores = len(sourceignore.ReadPatterns(bytes.NewReader(data), nil)) > 0; r.ignores {
				return fs.SkipAll
			}
			return nil
		})
	})
	return r.ignores
}

// ignorePatterns reads the .sourceignore files above and below dir. Of those beside it
// only matters whether there are any.
func (r *Repo) ignorePatterns(dir string) (patterns []gitignore.Pattern) {
	read := func(dir string) {
		if data, ok := r.Read(path.Join(dir, sourceignore.IgnoreFile)); ok {
			patterns = append(patterns, sourceignore.ReadPatterns(bytes.NewReader(data), elements(dir))...)
		}
	}
	names := elements(dir)
	for i := range names {
		read(path.Join(names[:i]...))
	}
	_ = fs.WalkDir(r.FS, dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			read(name)
		}
		return nil
	})
	return patterns
}

// elements splits a repository path; the root has none.
func elements(dir string) []string {
	if dir == "." || dir == "" {
		return nil
	}
	return strings.Split(dir, "/")
}
