package mapping

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
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
		// What is fetched is not for a file of the repository to say.
		for _, key := range []string{"repoURL", "path", "chart", "targetRevision"} {
			node.Remove(over, key)
		}
		was := p.Source
		p.Source = argocd.Overlay(was, overlay(was.Node, over))
		p.Source.Origin = was.Origin
		p.hidden = append(p.hidden, name)
	}
}

// collectHidden finds the leaves that override files brought, by row. They are no leaves
// of the input; what is said about them ends up in absences.
func (t *Table) collectHidden(u *Unit) {
	own := map[*yaml.Node]bool{}
	for _, p := range u.Parts {
		if len(p.hidden) == 0 {
			continue
		}
		for i := range u.leaves {
			own[u.leaves[i].Node] = true
		}
		merged := node.Map("spec", node.Map("source", p.Source.Node))
		p.brought = map[int][]*leaf{}
		for _, found := range t.argo.Walk(merged, nil) {
			if own[found.Node] || found.Row == table.None {
				continue
			}
			found.Path, found.Source = p.Source.At+strings.TrimPrefix(found.Path, "spec.source"), p.Source.Index
			p.brought[found.Row] = append(p.brought[found.Row], &leaf{Leaf: found})
		}
	}
}

// settleHidden records what a row could not carry of what override files brought.
func (t *Table) settleHidden(u *Unit, p *Part, row int) {
	for _, l := range p.brought[row] {
		if !l.claimed {
			l.verdict = Verdict{ID: t.Rows[row].ID, Promise: t.Rows[row].ToFlux}
		}
		if v := l.verdict; v.Fidelity.Severity() >= ledger.Approximate.Severity() {
			v.Note += " (" + strings.Join(p.hidden, ", ") + ")"
			u.absences = append(u.absences, absence{path: l.Path, line: p.Source.Node.Line, verdict: v})
		}
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
