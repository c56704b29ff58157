package checkout

import (
	"io/fs"

	"github.com/bmatcuk/doublestar/v4"
)

// Expand returns what a pattern of value files matches, in the order of Argo CD, which
// takes the same library (reposerver/repository/repository.go getResolvedValueFiles).
func (r *Repo) Expand(pattern string) ([]string, error) {
	return doublestar.Glob(r.FS, clean(pattern))
}

// IsDir tells whether name is a directory of the repository.
func (r *Repo) IsDir(name string) bool {
	info, err := fs.Stat(r.FS, clean(name))
	return err == nil && info.IsDir()
}
