package chart

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	helm "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/ignore"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// A Dependency is a subchart that Chart.yaml, or Chart.lock, names and charts/ lacks.
type Dependency struct {
	Name, Version, Repository string
	// Dir is the directory in the tree that a file:// repository names, else "".
	Dir string
}

// Resolve returns a missing dependency.
type Resolve func(Dependency) (*Chart, error)

// LoadTree reads the chart in a directory, or an archive, of a tree. Missing
// dependencies come from resolve; nil leaves them out, and Helm fails.
func (e *Engine) LoadTree(files *source.Files, name string, resolve Resolve) (*Chart, error) {
	key := files.Dir + "\x00" + name
	e.mu.Lock()
	c, ok := e.charts[key]
	e.mu.Unlock()
	if ok {
		return c, nil
	}
	loaded, err := load(files, name)
	if err == nil && files.IsDir(name) && resolve != nil {
		err = complete(loaded, name, resolve)
	}
	if err != nil {
		return nil, err
	}
	c = &Chart{loaded}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.charts[key] = c
	return c, nil
}

func load(files *source.Files, name string) (*helm.Chart, error) {
	if files.IsFile(name) {
		data, err := files.Read(name)
		if err != nil {
			return nil, err
		}
		return loader.LoadArchive(bytes.NewReader(data))
	}
	if !files.IsFile(path.Join(name, "Chart.yaml")) {
		return nil, fmt.Errorf("%s: no Chart.yaml in the source", name)
	}
	buffered, err := read(files, name)
	if err != nil {
		return nil, err
	}
	return loader.LoadFiles(buffered)
}

// read reads the files of a chart that .helmignore leaves, as Helm does
// (pkg/chart/v2/loader/directory.go).
func read(files *source.Files, dir string) (buffered []*archive.BufferedFile, err error) {
	rules := ignore.Empty()
	if data, err := files.Read(path.Join(dir, ignore.HelmIgnore)); err == nil {
		if rules, err = ignore.Parse(bytes.NewReader(data)); err != nil {
			return nil, fmt.Errorf("%s: %w", path.Join(dir, ignore.HelmIgnore), err)
		}
	}
	rules.AddDefaults()
	budget := int64(archive.MaxDecompressedChartSize)
	err = files.Walk(dir, func(name string, isDir bool) error {
		below := name
		if dir != "." {
			below = strings.TrimPrefix(name, dir+"/")
		}
		switch {
		case rules.Ignore(below, kind{path.Base(name), isDir}):
			if isDir {
				return fs.SkipDir
			}
			return nil
		case isDir:
			return nil
		}
		data, err := files.Read(name)
		if budget -= int64(len(data)); err == nil && budget < 0 {
			err = errors.New("the chart is too large for Helm")
		}
		buffered = append(buffered, &archive.BufferedFile{Name: below, Data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))})
		return err
	})
	return buffered, err
}

// kind is what ignore rules ask of a file.
type kind struct {
	name string
	dir  bool
}

func (k kind) Name() string     { return k.name }
func (k kind) IsDir() bool      { return k.dir }
func (kind) Size() int64        { return 0 }
func (kind) ModTime() time.Time { return time.Time{} }
func (kind) Sys() any           { return nil }

func (k kind) Mode() fs.FileMode {
	if k.dir {
		return fs.ModeDir
	}
	return 0
}

// complete adds missing dependencies; those of the lock file count, where there is one
// (source-controller internal/helm/chart/dependency_manager.go Build).
func complete(c *helm.Chart, dir string, resolve Resolve) error {
	wanted := c.Metadata.Dependencies
	if c.Lock != nil {
		wanted = c.Lock.Dependencies
	}
	for _, d := range wanted {
		if slices.ContainsFunc(c.Dependencies(), func(has *helm.Chart) bool { return has.Name() == d.Name }) {
			continue
		}
		missing := Dependency{Name: d.Name, Version: d.Version, Repository: d.Repository}
		if rest, ok := strings.CutPrefix(d.Repository, "file://"); ok {
			missing.Dir = strings.TrimPrefix(path.Join("/", dir, rest), "/")
		}
		found, err := resolve(missing)
		if err != nil {
			return fmt.Errorf("dependency %s: %w", d.Name, err)
		}
		c.AddDependency(clone(found.helm))
	}
	return nil
}
