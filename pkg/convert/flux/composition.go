package flux

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Composition is a chart with value files of other repositories laid over its
// values.yaml, as an ArtifactGenerator puts them together (source-watcher docs,
// ArtifactGenerator, Helm chart composition).
type Composition struct {
	// Chart is the source of the chart, and Dir its directory there, or "".
	Chart Ref
	Dir   string
	Files []ComposedFile
	// values matches where the chart's values.yaml is copied to.
	values string
}

// A ComposedFile is a value file.
type ComposedFile struct {
	// Source holds the file; the chart's own source has the alias "".
	Source Ref
	Alias  string
	Path   string
}

// ReadComposition reads the generator at root; ok is false for any other composition.
func ReadComposition(root *yaml.Node, namespace string) (c *Composition, ok bool) {
	artifacts := node.Items(root, "spec", "artifacts")
	if len(artifacts) != 1 {
		return nil, false
	}
	sources := map[string]Ref{}
	for _, item := range node.Items(root, "spec", "sources") {
		sources[node.Text(item, "alias")] = refAt(item, namespace)
	}
	operations := node.Items(artifacts[0], "copy")
	if len(operations) < 2 || !only(operations[0], "from", "to") || node.Get(node.Get(root, "spec"), "pathPattern") != nil {
		return nil, false
	}
	alias, dir := cutAlias(node.Text(operations[0], "from"))
	dir, whole := strings.CutSuffix("/"+dir, "/**")
	chart, known := sources[alias]
	if !whole || !known {
		return nil, false
	}
	c = &Composition{Chart: chart, Dir: strings.Trim(dir, "/"), values: node.Text(operations[0], "to") + "values.yaml"}
	if chart.Kind == HelmChart.Name { // its artifact has a directory of the chart's name
		c.values = node.Text(operations[0], "to") + "*/values.yaml"
	}
	for _, operation := range operations[1:] {
		file, fits := c.file(operation, alias, sources)
		if !fits {
			return nil, false
		}
		c.Files = append(c.Files, file)
	}
	return c, true
}

// only tells whether a map has no other keys.
func only(n *yaml.Node, keys ...string) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if !slices.Contains(keys, n.Content[i].Value) {
			return false
		}
	}
	return true
}

func (c *Composition) file(operation *yaml.Node, chart string, sources map[string]Ref) (f ComposedFile, ok bool) {
	alias, name := cutAlias(node.Text(operation, "from"))
	source, known := sources[alias]
	if own, err := path.Match(c.values, node.Text(operation, "to")); err != nil || !own {
		return f, false
	}
	if !known || node.Text(operation, "strategy") != "Merge" || !only(operation, "from", "to", "strategy") {
		return f, false
	}
	if alias == chart {
		alias = ""
	}
	return ComposedFile{source, strings.TrimPrefix(alias, "values-"), name}, !strings.Contains(name, "*")
}

// cutAlias cuts @ALIAS/PATH.
func cutAlias(text string) (alias, rest string) {
	alias, rest, _ = strings.Cut(strings.TrimPrefix(text, "@"), "/")
	return alias, rest
}

// Artifacts are the names of the ExternalArtifacts that a generator makes.
func Artifacts(root *yaml.Node) (names []string) {
	for _, item := range node.Items(root, "spec", "artifacts") {
		names = append(names, node.Text(item, "name"))
	}
	return names
}
