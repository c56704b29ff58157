package flux

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/fluxcd/pkg/chartutil"
	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// chart returns the chart of a release, as source-controller makes it, and where it is
// from.
func (r *render) chart(ctx context.Context) (*chart.Chart, manifest.Origin, error) {
	o, err := r.find(r.Source())
	if err != nil {
		return nil, manifest.Origin{}, err
	}
	spec := r.Chart(nil)
	switch o.Kind {
	case flux.HelmChart.Name:
		spec = node.Get(o.Root, "spec")
		if o, err = r.find(flux.ChartSource(o.Root, o.Ref)); err != nil {
			return nil, manifest.Origin{}, err
		}
	case flux.OCIRepository.Name:
		return r.ociChart(ctx, o)
	}
	if o.Kind == flux.HelmRepository.Name {
		return r.repositoryChart(ctx, o, spec)
	}
	return r.sourceChart(ctx, o, spec)
}

// ociChart is what an OCIRepository itself is. helm-controller adds its digest to the
// version (helmrelease_controller.go mutateChartWithSourceRevision).
func (r *render) ociChart(ctx context.Context, o *cluster.Object) (*chart.Chart, manifest.Origin, error) {
	tree, err := r.env.Sources.Tree(ctx, source.Request{
		Kind: source.OCI, URL: node.Text(o.Root, "spec", "url"), Ref: ociRef(node.At(o.Root, "spec", "ref")), Chart: "*",
	})
	if err != nil {
		return nil, manifest.Origin{}, fmt.Errorf("%s: %w", o.Ref, err)
	}
	c, err := r.env.Charts.Load(tree.Dir)
	if err != nil {
		return nil, manifest.Origin{}, fmt.Errorf("%s: %s: %w", o.Ref, tree.URL, err)
	}
	_, digest, ok := strings.Cut(tree.Resolved, ":")
	const short = 12
	if !ok || len(digest) < short {
		r.suffixes = append(r.suffixes, unknownDigest)
		return c, originOf(tree, ""), nil
	}
	c, err = c.WithBuild(digest[:short])
	return c, originOf(tree, ""), err
}

// repositoryChart is a chart of a HelmRepository (internal/helm/chart/builder_remote.go).
func (r *render) repositoryChart(ctx context.Context, o *cluster.Object, spec *yaml.Node) (*chart.Chart, manifest.Origin, error) {
	tree, err := r.env.Sources.Tree(ctx, source.Request{
		Kind: source.Helm, URL: node.Text(o.Root, "spec", "url"), Chart: node.Text(spec, "chart"),
		Ref: source.Ref{Revision: node.Text(spec, "version")},
	})
	if err != nil {
		return nil, manifest.Origin{}, fmt.Errorf("%s: %w", o.Ref, err)
	}
	origin := originOf(tree, "")
	c, err := r.env.Charts.Load(tree.Dir)
	if err != nil {
		return nil, origin, fmt.Errorf("%s: %s: %w", o.Ref, tree.URL, err)
	}
	files := valuesFiles(spec)
	if files == nil {
		return c, origin, nil
	}
	read := func(name string) (map[string]any, bool, error) {
		if path.Clean(name) == "values.yaml" {
			return c.Values(), true, nil
		}
		data, ok := c.File(path.Clean(name))
		values, err := parseValues(data)
		return values, ok, err
	}
	c, err = r.composed(c, spec, files, read)
	return c, origin, err
}

// sourceChart is a chart in a GitRepository or Bucket (internal/helm/chart/builder_local.go).
func (r *render) sourceChart(ctx context.Context, o *cluster.Object, spec *yaml.Node) (*chart.Chart, manifest.Origin, error) {
	tree, err := r.tree(ctx, o)
	if err != nil {
		return nil, manifest.Origin{}, err
	}
	files, err := tree.Files()
	if err != nil {
		return nil, manifest.Origin{}, err
	}
	dir := inTree(node.Text(spec, "chart"))
	origin := originOf(tree, dir)
	c, err := r.env.Charts.LoadTree(files, dir, r.dependencies(ctx, files))
	if err != nil {
		return nil, origin, fmt.Errorf("%s: %s, %s: %w", o.Ref, tree.URL, dir, err)
	}
	build := ""
	if node.Text(spec, "reconcileStrategy") == "Revision" {
		if build = shortRevision(tree.Resolved); build == "" {
			r.suffixes = append(r.suffixes, unknownRevision)
		}
	}
	names := valuesFiles(spec)
	if names != nil {
		c, err = r.composed(c, spec, names, func(name string) (map[string]any, bool, error) {
			data, err := files.Read(inTree(name))
			if errors.Is(err, fs.ErrNotExist) {
				return nil, false, nil
			}
			if err != nil {
				return nil, false, err
			}
			values, err := parseValues(data)
			return values, true, err
		})
	}
	if err == nil && build != "" {
		c, err = c.WithBuild(build)
	}
	return c, origin, err
}

// inTree returns the name of a path in a source, which it cannot leave.
func inTree(name string) string {
	if name = strings.TrimPrefix(path.Clean("/"+name), "/"); name == "" {
		return "."
	}
	return name
}

func originOf(tree *source.Tree, dir string) manifest.Origin {
	return manifest.Origin{Source: tree.URL, Revision: tree.Revision, File: dir}
}

// shortRevision is the digest part of a revision, as source-controller shortens it
// (helmchart_controller.go buildFromTarballArtifact).
func shortRevision(resolved string) string {
	const short = 12
	if i := strings.LastIndexByte(resolved, ':'); i >= 0 {
		resolved = resolved[i+1:]
	}
	return resolved[:min(short, len(resolved))]
}

// dependencies returns what finds missing subcharts.
func (r *render) dependencies(ctx context.Context, files *source.Files) chart.Resolve {
	return func(d chart.Dependency) (*chart.Chart, error) {
		if d.Dir != "" {
			return r.env.Charts.LoadTree(files, d.Dir, r.dependencies(ctx, files))
		}
		if d.Repository == "" {
			return nil, fmt.Errorf("it is not in charts/, and no repository is named for it")
		}
		tree, err := r.env.Sources.Tree(ctx, source.Request{
			Kind: source.Helm, URL: d.Repository, Chart: d.Name, Ref: source.Ref{Revision: d.Version},
		})
		if err != nil {
			return nil, err
		}
		return r.env.Charts.Load(tree.Dir)
	}
}

// valuesFiles lists what replaces the chart's values.yaml; nil where nothing does. The
// field valuesFile is of API versions before v1beta2, and comes first
// (HelmChart.GetValuesFiles there).
func valuesFiles(spec *yaml.Node) (names []string) {
	if old := node.Text(spec, "valuesFile"); old != "" {
		names = append(names, old)
	}
	for _, item := range node.Items(spec, "valuesFiles") {
		names = append(names, item.Value)
	}
	if len(names) == 1 && path.Clean(names[0]) == "values.yaml" {
		return nil // builder.go GetValuesFiles
	}
	return names
}

// composed returns the chart with the merged values of files. read tells whether there
// is such a file. source-controller then adds the generation of the HelmChart to the
// version, which is 1 until somebody changes it.
func (r *render) composed(c *chart.Chart, spec *yaml.Node, names []string, read func(string) (map[string]any, bool, error)) (*chart.Chart, error) {
	merged := map[string]any{}
	for _, name := range names {
		values, ok, err := read(name)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		case !ok && node.True(spec, "ignoreMissingValuesFiles"):
			continue
		case !ok:
			return nil, fmt.Errorf("value file %s is not in the source", name)
		}
		merged = chartutil.MergeMaps(merged, values)
	}
	r.suffixes = append(r.suffixes, firstGeneration)
	return c.WithValues(merged).WithBuild("1")
}

func parseValues(data []byte) (map[string]any, error) {
	values := map[string]any{}
	return values, sigsyaml.Unmarshal(data, &values)
}
