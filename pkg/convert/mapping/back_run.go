package mapping

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// runBack lets every row work on its leaves, in table order, and settles what is left.
func (t *Table) runBack(u *BackUnit) {
	var byRow [][]*leaf
	u.leaves, byRow = t.collect(t.flux[u.Applier.Kind], u.Applier.Root)
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Back != nil && (len(byRow[i]) > 0 || r.BackAlways) {
			r.Back(t.newBackCell(r, u, byRow[i]))
		}
	}
	for i := range u.leaves {
		if t.settleBack(&u.leaves[i], u.Literal) {
			u.blocked = true
		}
	}
	t.inherit(u)
	for _, f := range u.Findings {
		if slices.ContainsFunc(u.absences, func(a absence) bool { return a.verdict.ID == f.Verdict.ID }) {
			continue // a checkout says more of it
		}
		u.absences = append(u.absences, absence{path: f.Path, line: u.Applier.Root.Line, verdict: f.Verdict})
		u.blocked = u.blocked || f.Verdict.Blocking
	}
}

// inherit blocks what the sources block: an Application has no object for them, so the
// loss is its own.
func (t *Table) inherit(u *BackUnit) {
	for _, s := range u.sources() {
		if s == u.Generator {
			continue // see Composition
		}
		for _, found := range t.flux[s.Kind].Walk(s.Root, nil) {
			l := &leaf{Leaf: found}
			if found.Row == table.None || !t.settleBack(l, u.Literal || s.Literal) {
				continue
			}
			v := l.verdict
			v.Note = s.String() + ", " + found.Path + ": " + v.Note
			u.absences = append(u.absences, absence{path: u.Applier.SourcePath(), line: u.Applier.Root.Line, verdict: v})
			u.blocked = true
		}
	}
}

// settleBack gives a leaf that no code claimed its row's promise. literal tells that
// what looks like a variable is meant as it stands. It returns whether the leaf blocks.
func (t *Table) settleBack(l *leaf, literal bool) (blocks bool) {
	switch {
	case l.claimed:
		l.verdict = audit(l.verdict)
	case l.Row == table.None:
		l.verdict = unknownField("Flux 2.9")
	case node.Empty(l.Node):
		l.verdict = t.emptyVerdict()
	default:
		l.verdict = audit(t.Rows[l.Row].promised(l))
	}
	if !literal && l.verdict.Fidelity != ledger.Runtime && substituted(l.Node) {
		to := l.verdict.To
		l.verdict = blocking("holds a variable that only postBuild of a parent Kustomization replaces; Argo CD would deploy the text as it is").as("flux-variables")
		l.verdict.To = to
	}
	return l.verdict.Blocking
}

// promised is the verdict of a leaf that no code looked at. A switch that is off asks
// for nothing.
func (r *Row) promised(l *leaf) Verdict {
	v := Verdict{ID: r.ID, Promise: r.ToArgo, Blocking: r.BackBlocks}
	if r.Off && l.Node.Kind == yaml.ScalarNode && (l.Node.Value == "false" || l.Node.Value == "generic") {
		return implied("the default, which asks for nothing").as(r.ID)
	}
	return v
}

// variable is what kustomize-controller substitutes (fluxcd/pkg envsubst): "$${" is
// its escape, which only substitution takes away.
var variableText = regexp.MustCompile(`\$?\$\{[_A-Za-z][^}]*\}`)

// substituted tells whether the scalar holds a variable of postBuild.
func substituted(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "${") && variableText.MatchString(n.Value)
}

// A User is an Application that deploys from a source object.
type User struct {
	App ledger.Object
	// At is where the source stands in the Application.
	At string
	// Applier is the kind that the Application was.
	Applier string
	// Via tells that a HelmChart stands between.
	Via *flux.Source
}
