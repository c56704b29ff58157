package argocd

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// DefaultProject is the project of an Application that names none (types.go
// DefaultAppProjectName).
const DefaultProject = "default"

// Limited tells whether an AppProject does not allow everything, as the default one does at
// first (docs/user-guide/projects.md, The Default Project). No project limits nothing.
func Limited(project *yaml.Node) bool {
	if project == nil {
		return false
	}
	spec := node.Get(project, "spec")
	return !allows(spec, "sourceRepos") || !allows(spec, "destinations", "server", "namespace") ||
		!allows(spec, "clusterResourceWhitelist", "group", "kind") ||
		len(node.Items(spec, "clusterResourceBlacklist"))+len(node.Items(spec, "namespaceResourceBlacklist"))+len(node.Items(spec, "namespaceResourceWhitelist")) > 0
}

// allows tells whether an item of a list is a star, in all of the keys, and none denies any
// by an exclamation mark.
func allows(spec *yaml.Node, list string, keys ...string) bool {
	stars := false
	for _, item := range node.Items(spec, list) {
		texts := []string{item.Value}
		if len(keys) > 0 {
			texts = nil
		}
		for _, key := range keys {
			texts = append(texts, node.Text(item, key))
		}
		if slices.ContainsFunc(texts, func(t string) bool { return strings.HasPrefix(t, "!") }) {
			return false
		}
		stars = stars || !slices.ContainsFunc(texts, func(t string) bool { return t != "*" })
	}
	return stars
}
