package kustomize

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// tree is a source as kustomize's file system: what the list of its files lacks does
// not exist, and neither does anything outside. Remote bases, which kustomize clones into
// directories of its own, are read from the disk.
type tree struct {
	files *source.Files
	disk  filesys.FileSystem
	clone string // prefix of the directories of remote bases
}

// FS returns the file system of a source. It is read only.
func FS(files *source.Files) filesys.FileSystem {
	clone := os.TempDir()
	if evaluated, err := filepath.EvalSymlinks(clone); err == nil {
		clone = evaluated
	}
	return tree{files, filesys.MakeFsOnDisk(), filepath.Join(clone, "kustomize-")}
}

// remote tells whether a path is in a clone, which kustomize makes itself
// (kyaml/filesys/confirmeddir.go NewTmpConfirmedDir).
func (t tree) remote(name string) bool { return strings.HasPrefix(name, t.clone) }

func (t tree) Exists(name string) bool {
	if t.remote(name) {
		return t.disk.Exists(name)
	}
	in, ok := t.files.Name(filepath.Clean(name))
	return ok && (t.files.IsFile(in) || t.files.IsDir(in))
}

func (t tree) IsDir(name string) bool {
	if t.remote(name) {
		return t.disk.IsDir(name)
	}
	in, ok := t.files.Name(filepath.Clean(name))
	return ok && t.files.IsDir(in)
}

func (t tree) ReadFile(name string) ([]byte, error) {
	if t.remote(name) {
		return t.disk.ReadFile(name)
	}
	in, ok := t.files.Name(filepath.Clean(name))
	if !ok {
		return nil, outside("open", name)
	}
	return t.files.Read(in)
}

func (t tree) ReadDir(name string) ([]string, error) {
	if t.remote(name) {
		return t.disk.ReadDir(name)
	}
	in, ok := t.files.Name(filepath.Clean(name))
	if !ok || !t.files.IsDir(in) {
		return nil, outside("open", name)
	}
	return t.files.Entries(in), nil
}

func (t tree) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	if t.remote(name) {
		return t.disk.CleanedAbs(name)
	}
	name = filepath.Clean(name)
	in, ok := t.files.Name(name)
	switch {
	case ok && t.files.IsDir(in):
		return filesys.ConfirmedDir(name), "", nil
	case ok && t.files.IsFile(in):
		return filesys.ConfirmedDir(filepath.Dir(name)), filepath.Base(name), nil
	default:
		return "", "", outside("open", name)
	}
}

func (t tree) Glob(pattern string) (names []string, err error) {
	if t.remote(pattern) {
		return t.disk.Glob(pattern)
	}
	in, ok := t.files.Name(filepath.Clean(pattern))
	if !ok {
		return nil, nil
	}
	err = t.files.Walk(".", func(name string, isDir bool) error {
		hit, err := path.Match(in, name)
		if hit && !isDir {
			names = append(names, filepath.Join(t.files.Dir, filepath.FromSlash(name)))
		}
		return err
	})
	return names, err
}

func (t tree) Walk(root string, fn filepath.WalkFunc) error {
	if t.remote(root) {
		return t.disk.Walk(root, fn)
	}
	in, ok := t.files.Name(filepath.Clean(root))
	if !ok {
		return outside("walk", root)
	}
	return t.files.Walk(in, func(name string, isDir bool) error {
		return fn(filepath.Join(t.files.Dir, filepath.FromSlash(name)), info{path.Base(name), isDir}, nil)
	})
}

func (t tree) Open(name string) (filesys.File, error) {
	if t.remote(name) {
		return t.disk.Open(name)
	}
	return nil, readOnly("open", name)
}

func (t tree) Create(name string) (filesys.File, error) {
	if t.remote(name) {
		return t.disk.Create(name)
	}
	return nil, readOnly("create", name)
}

func (t tree) Mkdir(name string) error {
	if t.remote(name) {
		return t.disk.Mkdir(name)
	}
	return readOnly("mkdir", name)
}

func (t tree) MkdirAll(name string) error {
	if t.remote(name) {
		return t.disk.MkdirAll(name)
	}
	return readOnly("mkdir", name)
}

func (t tree) RemoveAll(name string) error {
	if t.remote(name) {
		return t.disk.RemoveAll(name)
	}
	return readOnly("remove", name)
}

func (t tree) WriteFile(name string, data []byte) error {
	if t.remote(name) {
		return t.disk.WriteFile(name, data)
	}
	return readOnly("write", name)
}

// outside is the error about what the source does not have.
func outside(op, name string) error {
	return &os.PathError{Op: op, Path: name, Err: fmt.Errorf("%w in the source", os.ErrNotExist)}
}

// info is what Walk tells of a file.
type info struct {
	name string
	dir  bool
}

func (i info) Name() string     { return i.name }
func (info) Size() int64        { return 0 }
func (info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool      { return i.dir }
func (info) Sys() any           { return nil }

func (i info) Mode() os.FileMode {
	if i.dir {
		return os.ModeDir | 0o755
	}
	return 0o644
}
