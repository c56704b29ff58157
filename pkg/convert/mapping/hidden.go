package mapping

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func lastSlash(text string) int { return strings.LastIndexByte(text, '/') }

// mergeHidden lays the override files beside the manifests over the source, as a
// JSON merge patch (reposerver/repository/repository.go mergeSourceParameters).
func (p *Part) mergeHidden(app string) {
	for _, name := range []string{".argocd-source.yaml", ".argocd-source-" + app + ".yaml"} {
		data, ok := p.Repo.Read(path.Join(p.Source.Dir(), name))
		if !ok {
			continue
		}
		over, ok := parseValues(data)
		if !ok || len(over.Content) == 0 {
			continue
		}
		was := p.Source
		p.Source = argocd.Overlay(was, overlay(was.Node, over))
		// What is fetched is not for a file of the repository to say.
		p.Source.RepoURL, p.Source.Path, p.Source.Chart, p.Source.Revision = was.RepoURL, was.Path, was.Chart, was.Revision
		p.Source.Origin = was.Origin
		p.hidden = append(p.hidden, name)
	}
}

// overlay returns base with over merged in. Nodes that stay are the very nodes of
// base, so that their leaves are still found.
func overlay(base, over *yaml.Node) *yaml.Node {
	merged := *base
	merged.Content = append([]*yaml.Node{}, base.Content...)
	for i := 0; i+1 < len(over.Content); i += 2 {
		key, value := over.Content[i], over.Content[i+1]
		at := -1
		for j := 0; j+1 < len(merged.Content); j += 2 {
			if merged.Content[j].Value == key.Value {
				at = j
			}
		}
		switch {
		case at < 0:
			merged.Content = append(merged.Content, key, value)
		case node.Null(value):
			merged.Content = append(merged.Content[:at:at], merged.Content[at+2:]...)
		case merged.Content[at+1].Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			merged.Content[at+1] = overlay(merged.Content[at+1], value)
		default:
			merged.Content[at+1] = value
		}
	}
	return &merged
}
