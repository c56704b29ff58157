package argocd

import (
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// A repository is a source as kustomize's file system. What links or ".." name outside of
// it does not exist; clones of remote bases, which kustomize makes itself, do
// (kyaml/filesys/confirmeddir.go NewTmpConfirmedDir).
type repository struct {
	filesys.FileSystem
	root, clone string
}

func newRepository(root string) repository {
	clone := os.TempDir()
	if followed, err := filepath.EvalSymlinks(clone); err == nil {
		clone = followed
	}
	return repository{filesys.MakeFsOnDisk(), root, filepath.Join(clone, "kustomize-")}
}

// has tells whether a name is in the repository, or nowhere.
func (r repository) has(name string) bool {
	real, err := filepath.EvalSymlinks(name)
	return err != nil || inside(r.root, real) || strings.HasPrefix(real, r.clone)
}

func (r repository) Exists(name string) bool { return r.has(name) && r.FileSystem.Exists(name) }
func (r repository) IsDir(name string) bool  { return r.has(name) && r.FileSystem.IsDir(name) }

func (r repository) ReadFile(name string) ([]byte, error) {
	if !r.has(name) {
		return nil, outside(name)
	}
	return r.FileSystem.ReadFile(name)
}

func (r repository) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	if !r.has(name) {
		return "", "", outside(name)
	}
	return r.FileSystem.CleanedAbs(name)
}

func outside(name string) error {
	return &os.PathError{Op: "open", Path: filepath.Base(name), Err: errOutside}
}
