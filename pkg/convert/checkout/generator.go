package checkout

import (
	"bytes"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// generators notes the objects and files of kustomize's own generators.
func (s *scanner) generators(file string, k *yaml.Node) {
	for _, kind := range []string{"ConfigMap", "Secret"} {
		for _, g := range node.Items(k, strings.ToLower(kind[:1])+kind[1:]+"Generator") {
			s.generated(k, g, kind)
			for _, item := range node.Items(g, "files") {
				_, name, named := strings.Cut(item.Value, "=")
				if !named {
					name = item.Value
				}
				s.asset(name, path.Join(path.Dir(file), name))
			}
		}
	}
	for key, name := range map[string]string{"helmCharts": "name", "helmChartInflationGenerator": "chartName"} {
		for _, chart := range node.Items(k, key) {
			s.chart(file, node.Text(chart, name))
		}
	}
}

// generated notes an object whose name the build completes with a hash of its
// content, unless told otherwise. One that merges into another is none of its own.
func (s *scanner) generated(k, g *yaml.Node, kind string) {
	if behavior := node.Text(g, "behavior"); behavior != "" && behavior != "create" {
		return
	}
	name := node.Text(g, "name")
	plain := node.True(k, "generatorOptions", "disableNameSuffixHash") || node.True(g, "options", "disableNameSuffixHash")
	s.Objects = append(s.Objects, Object{Kind: kind, Namespace: node.Text(g, "namespace"), Name: name, Own: name, Unsure: !plain})
}

func (s *scanner) chart(file, name string) {
	s.Charts = append(s.Charts, file+" ("+name+")")
	s.unseen("the Helm charts of " + file)
}

// plugins notes what custom generators, transformers and validators run. Those built
// into kustomize have the apiVersion "builtin" (api/internal/plugins/loader/loader.go).
func (s *scanner) plugins(file string, k *yaml.Node) {
	for _, key := range []string{"generators", "transformers", "validators"} {
		items := node.Items(k, key)
		if len(items) > 0 && key != "validators" {
			s.unseen("the " + key + " of " + file)
		}
		for _, item := range items {
			for _, config := range s.configs(path.Dir(file), item.Value) {
				s.plugin(file, config)
			}
		}
	}
}

func (s *scanner) plugin(file string, config *yaml.Node) {
	kind := node.Text(config, "kind")
	switch {
	case node.Text(config, "apiVersion") != "builtin":
		s.Plugins = append(s.Plugins, file+" ("+kind+")")
	case kind == "HelmChartInflationGenerator":
		s.chart(file, node.Text(config, "name"))
	case kind == "NamespaceTransformer" && path.Dir(file) == s.root: // it comes after all patches
		s.Namespace = node.Text(config, "metadata", "namespace")
	}
}

// configs returns the objects that an item of a list of plugins holds or names.
func (s *scanner) configs(dir, text string) (configs []*yaml.Node) {
	data := []byte(text)
	if file, ok := s.repo.Read(path.Join(dir, text)); ok {
		data = file
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		if decoder.Decode(&doc) != nil {
			return configs
		}
		if len(doc.Content) > 0 && node.Text(doc.Content[0], "kind") != "" {
			configs = append(configs, doc.Content[0])
		}
	}
}
