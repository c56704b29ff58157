package policy

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// Seen is what rendering both sides showed of the manifests.
type Seen struct {
	// Waves and Hooks tell whether any manifest of either side has a sync wave or is a hook.
	Waves, Hooks bool
	// Equivalent tells that both sides deploy the same objects.
	Equivalent bool
	// Tools are the names of the left and the right tool, and Steered the objects that
	// they treat differently.
	Tools   [2]string
	Steered []content.Steering
}

// answers tells whether rendering showed that what a reason leaves open makes no difference.
func (s Seen) answers(by Reason) bool {
	switch by {
	case ByWaves:
		return !s.Waves
	case ByHooks:
		return !s.Hooks
	case ByContent:
		return s.Equivalent
	default:
		return false
	}
}

// Settle decides the rows that only the content of the repository kept from being
// compared, now that it was rendered, and those where marks in the manifests make one tool
// do something else. Other rows stay as they are.
func Settle(rows []Row, seen Seen) {
	for i := range rows {
		r := &rows[i]
		open := slices.DeleteFunc(slices.Clone(r.Open), seen.answers)
		if r.Verdict == CannotCompare && len(r.Open) > 0 && len(open) == 0 {
			r.Verdict, r.Meaning, r.Open = Same, "", nil
		}
		r.steer(seen.Tools, seen.Steered)
	}
}
