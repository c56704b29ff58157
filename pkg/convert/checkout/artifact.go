package checkout

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/sourceignore/gitignore"
)

// Artifact returns what tells of a file whether Flux's artifact of the repository holds
// it. ignore is spec.ignore of the source. As soon as there is one pattern of the user's
// anywhere, the default ones are gone (fluxcd/pkg artifact/storage SourceIgnoreFilter).
func (r *Repo) Artifact(ignore string) func(name string) bool {
	r.ignoring.Do(r.readIgnored)
	patterns := append(r.ignored[:len(r.ignored):len(r.ignored)], sourceignore.ReadPatterns(strings.NewReader(ignore), nil)...)
	matcher := sourceignore.NewDefaultMatcher(nil, nil)
	if len(patterns) > 0 {
		matcher = gitignore.NewMatcher(append(sourceignore.VCSPatterns(nil), patterns...))
	}
	return func(name string) bool { return !matcher.Match(strings.Split(name, "/"), false) }
}

// readIgnored reads all .sourceignore files, that of a directory before those below it.
func (r *Repo) readIgnored() {
	_ = fs.WalkDir(r.FS, ".", func(dir string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
		case d.Name() == ".git":
			return fs.SkipDir
		default:
			if data, ok := r.Read(path.Join(dir, sourceignore.IgnoreFile)); ok {
				r.ignored = append(r.ignored, sourceignore.ReadPatterns(bytes.NewReader(data), elements(dir))...)
			}
		}
		return nil //nolint:nilerr // the scan of the source reports what cannot be read
	})
}

// elements splits a repository path; the root has none.
func elements(dir string) []string {
	if dir == "." || dir == "" {
		return nil
	}
	return strings.Split(dir, "/")
}
