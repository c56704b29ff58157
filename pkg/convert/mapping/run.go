package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// run lets every row work on its leaves, in table order, and settles what is left.
func (t *Table) run(u *Unit) {
	found := t.argo.Walk(u.App.Root, nil)
	u.leaves = make([]leaf, len(found))
	byRow := make([][]*leaf, len(t.Rows))
	for i := range found {
		l := &u.leaves[i]
		l.Leaf = found[i]
		if l.Row == table.None && node.Empty(l.Node) {
			l.Row = t.empty
		}
		if l.Row != table.None {
			byRow[l.Row] = append(byRow[l.Row], l)
		}
	}
	for i := range t.Rows {
		t.runRow(u, &t.Rows[i], byRow[i])
	}
	for i := range u.leaves {
		t.settle(u, &u.leaves[i])
	}
}

func (t *Table) runRow(u *Unit, r *Row, leaves []*leaf) {
	if r.Forward == nil || len(leaves) == 0 && !r.Always {
		return
	}
	if !r.PerSource {
		r.Forward(&Cell{row: r, unit: u, leaves: leaves})
		return
	}
	for _, p := range u.Parts {
		own := ofSource(leaves, p.Source.Index)
		if len(own) > 0 || r.Always {
			r.Forward(&Cell{row: r, unit: u, part: p, leaves: own})
		}
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
	if l.claimed {
		l.verdict = audit(l.verdict)
		return
	}
	switch {
	case l.Row == table.None:
		l.verdict = Verdict{ID: "unknown-field", Promise: Promise{Note: "no rule knows this field; Argo CD 3.6.1 has none of this name"}}
	case u.overridden(l):
		l.verdict = implied("overridden by a .argocd-source file of the repository").as("hidden-overrides")
	case node.Null(l.Node):
		l.verdict = t.Rows[t.empty].verdict()
	default:
		l.verdict = audit(t.Rows[l.Row].verdict())
	}
}

func (r *Row) verdict() Verdict { return Verdict{ID: r.ID, Promise: r.ToFlux} }

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
			v = t.Rows[found.Row].verdict()
		}
		u.leaves = append(u.leaves, leaf{Leaf: found, verdict: v, claimed: true})
	}
	return u.Entries()
}
