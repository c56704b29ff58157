// Package chart renders Helm charts by Helm's own engine, without a cluster.
package chart

import (
	"fmt"
	"path/filepath"
	"sync"

	"github.com/Masterminds/semver/v3"
	helm "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

// An Engine loads charts once and renders them often. It is safe for use by several
// goroutines.
type Engine struct {
	mu     sync.Mutex
	charts map[string]*Chart
}

// NewEngine returns an Engine without charts.
func NewEngine() *Engine { return &Engine{charts: map[string]*Chart{}} }

// A Chart is a loaded chart, with its subcharts. Nothing changes it.
type Chart struct{ helm *helm.Chart }

// Load reads the chart in a directory or an archive. The directory must hold the
// dependencies in charts/.
func (e *Engine) Load(name string) (*Chart, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c, ok := e.charts[name]; ok {
		return c, nil
	}
	loaded, err := loader.Load(name)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	c := &Chart{loaded}
	e.charts[name] = c
	return c, nil
}

// LoadDir reads the chart in a directory below root as Helm does, links and all. Missing
// dependencies come from resolve, to which directories are relative to root.
func (e *Engine) LoadDir(root, dir string, resolve Resolve) (*Chart, error) {
	c, err := e.Load(dir)
	if err != nil {
		return nil, err
	}
	below, err := filepath.Rel(root, dir)
	if err != nil {
		return nil, err
	}
	return c, complete(c.helm, filepath.ToSlash(below), resolve)
}

// WithValues returns the chart with other default values, those of values.yaml being
// replaced, as Flux's valuesFiles do.
func (c *Chart) WithValues(values map[string]any) *Chart {
	changed := *c.helm
	changed.Values = values
	return &Chart{&changed}
}

// WithBuild returns the chart with build metadata in its version, as Flux adds it.
func (c *Chart) WithBuild(build string) (*Chart, error) {
	version, err := semver.NewVersion(c.helm.Metadata.Version)
	if err != nil {
		return nil, fmt.Errorf("chart version %q: %w", c.helm.Metadata.Version, err)
	}
	built, err := version.SetMetadata(build)
	if err != nil {
		return nil, err
	}
	changed, metadata := *c.helm, *c.helm.Metadata
	metadata.Version, changed.Metadata = built.String(), &metadata
	return &Chart{&changed}, nil
}

// Values are those of values.yaml. They must not be changed.
func (c *Chart) Values() map[string]any { return c.helm.Values }

// File returns a file of the chart that is no template.
func (c *Chart) File(name string) (data []byte, ok bool) {
	for _, f := range c.helm.Files {
		if f.Name == name {
			return f.Data, true
		}
	}
	return nil, false
}

// Name and Version are those of Chart.yaml.
func (c *Chart) Name() string    { return c.helm.Metadata.Name }
func (c *Chart) Version() string { return c.helm.Metadata.Version }

// clone returns a copy that ProcessDependencies may change: it enables, renames and
// drops dependencies, and writes imported values.
func clone(c *helm.Chart) *helm.Chart {
	changed := *c
	if c.Metadata != nil {
		metadata := *c.Metadata
		metadata.Dependencies = make([]*helm.Dependency, len(c.Metadata.Dependencies))
		for i, d := range c.Metadata.Dependencies {
			if d != nil {
				copied := *d
				metadata.Dependencies[i] = &copied
			}
		}
		changed.Metadata = &metadata
	}
	var dependencies []*helm.Chart
	for _, d := range c.Dependencies() {
		dependencies = append(dependencies, clone(d))
	}
	changed.SetDependencies(dependencies...)
	return &changed
}
