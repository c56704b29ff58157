// Package policy says how a deployment is synchronised, in one normal form for both
// tools, and compares two deployments by it, row by row.
//
// Every row spells out the controller's default where a field is not set, and brings
// durations and names into one form. What a row cannot know it does not call the same:
// see [Verdict]. The semantics are those of Argo CD v3.6.1 and of the source-,
// kustomize- and helm-controller of Flux 2.9; each row names the files that prove them.
package policy

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// A Verdict says what comparing two sides of a row found. Other tools read it.
type Verdict string

// The verdicts.
const (
	// Same: both sides are known and do the same.
	Same Verdict = "same"
	// Differs: both sides are known and do not; Meaning says how.
	Differs Verdict = "differs"
	// CannotCompare: something that decides is not in the objects; Meaning says what.
	CannotCompare Verdict = "cannot-compare"
)

// Where is the field that decides about a value, or the object that leaves it out.
type Where struct {
	File   string        `json:"file"`
	Line   int           `json:"line"`
	Object ledger.Object `json:"object"`
	Path   string        `json:"path"`
}

// A Value is what one side does. Where is the place that speaks most about the verdict.
type Value struct {
	Text  string `json:"text"`
	Where Where  `json:"where"`
}

// A Row is one policy of two sides.
type Row struct {
	// ID is public, stable and never reused, for example "prune".
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Left    Value   `json:"left"`
	Right   Value   `json:"right"`
	Verdict Verdict `json:"verdict"`
	// Meaning is empty where both are the same. Else it says which side does what and
	// what that means for the person on call, or what keeps the two from being compared.
	Meaning string `json:"meaning,omitempty"`
	// Open are the reasons for which aspects of the row cannot be compared.
	Open []Reason `json:"-"`
}

// A Policy is the normal form of one deployment.
type Policy struct {
	Tool  deployment.Tool
	units []reduced
}

// reduced is what one source of an Application, one Kustomization or one HelmRelease
// does: the aspects of each row.
type reduced struct {
	label, name string
	rows        [][]aspect
}

// Of reduces a deployment to its normal form.
func Of(d *deployment.Deployment) Policy {
	p := Policy{Tool: d.Side.Tool}
	for _, u := range unitsOf(d) {
		r := reduced{label: u.label, name: u.name()}
		for _, row := range rows {
			r.rows = append(r.rows, row.reduce(u))
		}
		p.units = append(p.units, r)
	}
	return p
}

// Compare returns all rows, always in the same order.
func Compare(left, right *deployment.Deployment) []Row {
	c := comparison{left: Of(left), right: Of(right)}
	result := make([]Row, len(rows))
	for i := range rows {
		result[i] = c.row(i)
	}
	return result
}
