package plan

import (
	"fmt"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// inOrder sorts units so that each comes behind what it depends on, and else by their
// waves, and as they came. Flux applies nothing that waits for itself.
func inOrder(units []*unit) (sorted []*unit) {
	byID := map[ledger.Object]*unit{}
	units = slices.Clone(units)
	slices.SortStableFunc(units, func(a, b *unit) int { return a.order - b.order })
	for _, u := range units {
		byID[u.id()] = u
	}
	const begun, done = 1, 2
	state := map[*unit]int{}
	var visit func(u *unit)
	visit = func(u *unit) {
		state[u] = begun
		for _, o := range u.owner.DependsOn {
			o.APIVersion = ""
			needed := byID[o]
			if needed == nil {
				continue
			}
			if state[needed] == 0 {
				visit(needed)
			}
			if state[needed] == begun {
				u.skip(fmt.Sprintf("waits for %s %s/%s, which waits for this", o.Kind, o.Namespace, o.Name))
			} else if needed.owner.blocked() {
				u.skip(fmt.Sprintf("waits for %s %s/%s, which is not applied", o.Kind, o.Namespace, o.Name))
			}
		}
		state[u] = done
		sorted = append(sorted, u)
	}
	for _, u := range units {
		if state[u] == 0 {
			visit(u)
		}
	}
	return sorted
}

// skip leaves the owner's stages out.
func (u *unit) skip(why string) {
	if u.owner.Skipped != "" {
		return
	}
	u.owner.Skipped = why
	for _, s := range u.stages {
		s.Skipped = why
	}
}

// blocked tells whether what depends on the owner would wait for ever. What is
// suspended keeps the state that it had.
func (o *Owner) blocked() bool { return o.Skipped != "" && o.Skipped != suspended }

// id names the owner without its version: others may name it by another one.
func (u *unit) id() ledger.Object {
	id := u.owner.Object
	id.APIVersion = ""
	return id
}
