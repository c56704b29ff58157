package report

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A saying is what a finding says of an object, be it which it is.
type saying struct{ id, path, note string }

// shown are the groups as they are printed: what an earlier one says of a field that is not
// set, which is a default of the tools, is named by its ID only.
func (t *Text) shown() []group {
	if t.options.All {
		return t.groups
	}
	told := map[saying]bool{}
	groups := make([]group, len(t.groups))
	for i, g := range t.groups {
		groups[i] = g
		groups[i].rows = nil
		for _, r := range g.rows {
			if says := (saying{r.ID, r.From.Path, r.Note}); !r.usual() || !told[says] {
				told[says] = true
				groups[i].rows = append(groups[i].rows, r)
			} else if !slices.Contains(groups[i].again, r.ID) {
				groups[i].again = append(groups[i].again, r.ID)
			}
		}
	}
	return groups
}

// usual tells what is true of each object that leaves a field out, and harms little.
func (r row) usual() bool {
	return r.Absent && Severity(r.Entry) <= ledger.Approximate.Severity()
}

// lines are those that the groups take, with the title and the blank line behind each.
func (t *Text) lines() (n int) {
	for _, g := range t.shown() {
		n += len(g.rows) + 2
		if len(g.again) > 0 {
			n++
		}
	}
	return n
}
