package verify

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// A Result is what was found about one deployment. Its JSON form is a stable contract.
type Result struct {
	// Left and Right are the objects that deploy on either side; nil where there are none.
	Left  *Part `json:"left"`
	Right *Part `json:"right"`
	// By says what brought the two together.
	By deployment.Reason `json:"pairedBy,omitempty"`
	// Findings are about the pair itself.
	Findings []ledger.Entry `json:"findings,omitempty"`
	// Fields counts the fields of the left side's objects by what a conversion makes of them.
	Fields Coverage `json:"fields"`
	// Schema are places where the API server would refuse an object.
	Schema []Invalid `json:"schema,omitempty"`
	// Policy compares how both sides sync, row by row; empty where there is one side only.
	Policy []policy.Row `json:"policy,omitempty"`
	// Content compares what both sides deploy.
	Content Content `json:"content"`
	// Good and Accepted are what Judge decided: Accepted are rows of the policy that are
	// not the same and may be so.
	Good     bool     `json:"good"`
	Accepted []string `json:"accepted,omitempty"`
}

// A Part is what deploys on one side.
type Part struct {
	Tool    deployment.Tool `json:"tool"`
	Objects []Place         `json:"objects"`
}

// A Place is an object and where it stands; lines count from 1.
type Place struct {
	ledger.Object
	File string `json:"file"`
	Line int    `json:"line"`
}

// An Invalid is a field that the API server would refuse.
type Invalid struct {
	ledger.From
	Message string `json:"message"`
}

// Content is the answer to whether both sides deploy the same.
type Content struct {
	Verdict Verdict `json:"verdict"`
	// Objects is the number of objects that were compared.
	Objects int `json:"objects"`
	// Reasons say why it is not proven, or what was not compared.
	Reasons []string `json:"reasons,omitempty"`
	// Differences are those of the rendered objects.
	Differences []content.Difference `json:"differences,omitempty"`
}

// Verdict is the answer about what is deployed. The zero value is no answer.
type Verdict string

// The verdicts.
const (
	// Equivalent: both sides were rendered whole, and deploy the same.
	Equivalent Verdict = "equivalent"
	// Differs: both sides were rendered, and deploy something else.
	Differs Verdict = "differs"
	// NotProven: a side could not be rendered as its tool would do it.
	NotProven Verdict = "not proven"
)

func partOf(d *deployment.Deployment) *Part {
	if d == nil {
		return nil
	}
	p := &Part{Tool: d.Side.Tool}
	for _, m := range d.Appliers {
		p.Objects = append(p.Objects, Place{m.Object, m.File, m.Line})
	}
	return p
}

// Rows counts the rows of the policy with a verdict.
func (r *Result) Rows(v policy.Verdict) (n int) {
	for _, row := range r.Policy {
		if row.Verdict == v {
			n++
		}
	}
	return n
}
