package kustomize

import (
	"os"
	"path/filepath"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// overlay is a file system with some files replaced or added in memory.
type overlay struct {
	filesys.FileSystem
	files map[string][]byte
}

// Overlay returns base with files, by absolute path, on top. Nothing is written to
// base. Directories are those of base.
func Overlay(base filesys.FileSystem, files map[string][]byte) filesys.FileSystem {
	clean := make(map[string][]byte, len(files))
	for name, data := range files {
		clean[filepath.Clean(name)] = data
	}
	return overlay{base, clean}
}

func (o overlay) Exists(name string) bool {
	_, ok := o.files[filepath.Clean(name)]
	return ok || o.FileSystem.Exists(name)
}

func (o overlay) IsDir(name string) bool {
	_, ok := o.files[filepath.Clean(name)]
	return !ok && o.FileSystem.IsDir(name)
}

func (o overlay) ReadFile(name string) ([]byte, error) {
	if data, ok := o.files[filepath.Clean(name)]; ok {
		return data, nil
	}
	return o.FileSystem.ReadFile(name)
}

func (o overlay) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	if _, ok := o.files[filepath.Clean(name)]; ok && !o.FileSystem.Exists(name) {
		dir, _, err := o.FileSystem.CleanedAbs(filepath.Dir(name))
		return dir, filepath.Base(name), err
	}
	return o.FileSystem.CleanedAbs(name)
}

func readOnly(op, name string) error {
	return &os.PathError{Op: op, Path: name, Err: os.ErrPermission}
}
