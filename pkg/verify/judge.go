package verify

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// Judge decides whether a deployment is good: whole, valid, equivalent, and the same in
// every row of the policy but those that are accepted.
func (r *Result) Judge(accepted []string) {
	r.Good = len(r.Findings) == 0 && len(r.Schema) == 0 && r.Fields.Unknown == 0 && r.Content.Verdict == Equivalent
	for _, row := range r.Policy {
		switch {
		case row.Verdict == policy.Same:
		case slices.Contains(accepted, row.ID):
			r.Accepted = append(r.Accepted, row.ID)
		default:
			r.Good = false
		}
	}
}

// A Summary counts what was found about all deployments.
type Summary struct {
	Deployments int `json:"deployments"`
	// Good deployments gave no reason to say no.
	Good       int `json:"good"`
	Equivalent int `json:"equivalent"`
	Differ     int `json:"differ"`
	NotProven  int `json:"notProven"`
	Unpaired   int `json:"unpaired"`
	// Rows count those of the policies, Accepted among the others.
	Rows struct {
		Same       int `json:"same"`
		Differ     int `json:"differ"`
		NotCompare int `json:"cannotBeCompared"`
		Accepted   int `json:"accepted"`
	} `json:"policyRows"`
	Fields Coverage `json:"fields"`
	// Invalid counts places that the API server would refuse.
	Invalid int `json:"invalid"`
}

// Add counts a result that was judged.
func (s *Summary) Add(r *Result) {
	s.Deployments++
	if r.Good {
		s.Good++
	}
	if r.Left == nil || r.Right == nil {
		s.Unpaired++
	}
	switch r.Content.Verdict {
	case Equivalent:
		s.Equivalent++
	case Differs:
		s.Differ++
	default:
		s.NotProven++
	}
	s.Rows.Same += r.Rows(policy.Same)
	s.Rows.Differ += r.Rows(policy.Differs)
	s.Rows.NotCompare += r.Rows(policy.CannotCompare)
	s.Rows.Accepted += len(r.Accepted)
	s.Fields = s.Fields.Plus(r.Fields)
	s.Invalid += len(r.Schema)
}
