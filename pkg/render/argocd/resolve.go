package argocd

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// errOutside is about what no source may name.
var errOutside = errors.New("leads out of the repository")

// resolve returns the absolute path of a file or directory that a field names: relative
// to dir, or to root with a leading slash. It must not lead out of root, neither by ".."
// nor by a symbolic link (util/io/path/resolved.go).
func resolve(root, dir, name string) (string, error) {
	full := filepath.Join(dir, name)
	if filepath.IsAbs(name) {
		full = filepath.Join(root, name)
	}
	followed, err := follow(full)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	real, err := filepath.EvalSymlinks(followed) // a directory may be a link, too
	if !inside(root, followed) || err == nil && !inside(root, real) {
		return "", fmt.Errorf("%s %w", name, errOutside)
	}
	return followed, nil
}

// follow resolves symbolic links; what does not exist stays as it is.
func follow(name string) (string, error) {
	for range 10 {
		info, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return name, nil
		}
		target, err := os.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(name), target)
		}
		name = target
	}
	return "", errors.New("too many symbolic links")
}

// inside tells whether a clean absolute path is root or below it.
func inside(root, name string) bool {
	return name == root || strings.HasPrefix(name, strings.TrimSuffix(root, "/")+"/")
}

// local refuses a value file that is a URL. Argo CD allows http and https and leaves the
// fetching to helm; here only sources are fetched.
func local(name string) error {
	u, _ := url.Parse(name) // what is no URL is a file
	if u == nil || u.Scheme == "" {
		return nil
	}
	if strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https") {
		return fmt.Errorf("%s is not fetched: put the file into a source and name it there", source.Public(name))
	}
	return fmt.Errorf("%s: Argo CD takes no value files by %s", source.Public(name), u.Scheme)
}

// appDir returns the directory that spec.source.path names (util/app/path/path.go).
func appDir(root, path string) (string, error) {
	dir := filepath.Join(root, path)
	switch {
	case filepath.IsAbs(path):
		return "", fmt.Errorf("%s: the path of a source is relative to its root", path)
	case !inside(root, dir):
		return "", fmt.Errorf("%s %w", path, errOutside)
	case !isDir(dir):
		return "", fmt.Errorf("%s: no such directory in the source", path)
	}
	return dir, nil
}

// confine refuses a directory with a symbolic link that leads out of root. Argo CD looks
// at the whole repository (util/app/path/path.go CheckOutOfBoundsSymlinks).
func confine(root, dir string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink == 0 {
			return err
		}
		target, err := filepath.EvalSymlinks(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && !inside(root, target) {
			return fmt.Errorf("the symbolic link %s %w", entry.Name(), errOutside)
		}
		return nil
	})
}
