package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// run lets every row work on its leaves, in table order, and settles what is left.
func (t *Table) run(u *Unit) {
	var byRow [][]*leaf
	u.leaves, byRow = t.collect(t.argo, u.App.Root)
	t.collectHidden(u)
	for i := range t.Rows {
		t.runRow(u, i, byRow[i])
	}
	for i := range u.leaves {
		t.settle(u, &u.leaves[i])
	}
}

// collect returns the leaves below root, and those of each row.
func (t *Table) collect(trie *table.Trie, root *yaml.Node) ([]leaf, [][]*leaf) {
	found := trie.Walk(root, nil)
	leaves := make([]leaf, len(found))
	byRow := make([][]*leaf, len(t.Rows))
	for i := range found {
		l := &leaves[i]
		l.Leaf = found[i]
		if l.Row == table.None && node.Empty(l.Node) {
			l.Row = t.empty
		}
		if l.Row != table.None {
			byRow[l.Row] = append(byRow[l.Row], l)
		}
	}
	return leaves, byRow
}

func (t *Table) runRow(u *Unit, row int, leaves []*leaf) {
	r := &t.Rows[row]
	if !r.PerSource {
		if r.Forward != nil && (len(leaves) > 0 || r.Always) {
			r.Forward(t.newCell(r, u, nil, leaves))
		}
		return
	}
	for _, p := range u.Parts {
		own := slices.Concat(ofSource(leaves, p.Source.Index), p.brought[row])
		if r.Forward != nil && (len(own) > 0 || r.Always) {
			r.Forward(t.newCell(r, u, p, own))
		}
		t.settleHidden(u, p, row)
	}
}

// ofSource returns the leaves of one source. They stand together.
func ofSource(leaves []*leaf, index int) []*leaf {
	first, end := 0, 0
	for i, l := range leaves {
		if l.Source == index {
			if end == 0 {
				first = i
			}
			end = i + 1
		}
	}
	return leaves[first:end]
}

// settle gives a leaf that no code claimed its row's promise. A promise of exact or
// equivalent that wrote nothing and needs to write is void: unknown.
func (t *Table) settle(u *Unit, l *leaf) {
	switch {
	case l.claimed:
		l.verdict = audit(l.verdict)
	case l.Row == table.None:
		l.verdict = unknownField("Argo CD 3.6.1")
	case u.overridden(l):
		l.verdict = implied("overridden by a .argocd-source file of the repository").as("hidden-overrides")
	case node.Null(l.Node):
		l.verdict = t.emptyVerdict()
	default:
		r := &t.Rows[l.Row]
		l.verdict = audit(Verdict{ID: r.ID, Promise: r.ToFlux})
	}
}

func unknownField(tool string) Verdict {
	return Verdict{ID: "unknown-field", Promise: Promise{Note: "no rule knows this field; " + tool + " has none of this name"}}
}

func (t *Table) emptyVerdict() Verdict {
	return implied(emptyNote).as(t.Rows[t.empty].ID)
}

func audit(v Verdict) Verdict {
	claims := v.Fidelity == ledger.Exact || v.Fidelity == ledger.Equivalent
	if claims && len(v.To) == 0 && !v.Implied {
		v.Fidelity = ledger.Unknown
		v.Note = "the rule promised to carry this field and wrote nothing"
	}
	return v
}

// overridden tells whether the leaf lies in a source that a file of the repository
// changed.
func (u *Unit) overridden(l *leaf) bool {
	for _, p := range u.Parts {
		if len(p.hidden) > 0 && strings.HasPrefix(l.Path, p.Source.At+".") {
			return true
		}
	}
	return false
}

// Refused returns the ledger of an Application that stays on Argo CD: every leaf is
// unsupported for the same reason, but what the cluster wrote.
func (t *Table) Refused(a *argocd.App, file string, r *Refusal) []ledger.Entry {
	u := &Unit{App: a, File: file}
	for _, found := range t.argo.Walk(a.Root, nil) {
		v := Verdict{ID: r.ID, Promise: Promise{Fidelity: ledger.Unsupported, Note: "the Application stays on Argo CD: " + r.Note}}
		if found.Row != table.None && t.Rows[found.Row].ToFlux.Fidelity == ledger.Runtime {
			v = Verdict{ID: t.Rows[found.Row].ID, Promise: t.Rows[found.Row].ToFlux}
		}
		u.leaves = append(u.leaves, leaf{Leaf: found, verdict: v, claimed: true})
	}
	return u.Entries()
}
