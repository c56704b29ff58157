package convert

import (
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
)

// order turns dependencies into sync waves: an Application's wave is one more than
// the highest of those it depends on.
func (s *survey) order() {
	byRef := map[flux.Ref]*applier{}
	for _, a := range s.appliers {
		if byRef[a.Ref] == nil {
			byRef[a.Ref] = a
		}
	}
	state := map[*applier]visit{}
	for _, a := range s.appliers {
		rank(a, byRef, state)
	}
}

type visit uint8

const (
	unvisited visit = iota
	visiting
	visited
)

// rank returns the wave of a. A dependency that leads back to a is left out; Flux
// would wait for ever.
func rank(a *applier, byRef map[flux.Ref]*applier, state map[*applier]visit) int {
	if state[a] != unvisited {
		return a.wave
	}
	state[a] = visiting
	for _, ref := range a.dependsOn {
		before := byRef[ref]
		switch {
		case before == nil:
			a.waves = append(a.waves, lostOrder("flux-depends-on", fmt.Sprintf("%s is not in the input: nothing waits for it", ref)))
		case state[before] == visiting:
			a.waves = append(a.waves, lostOrder("depends-on-cycle", fmt.Sprintf("%s depends on this object in turn: Flux waits for ever", ref)))
		case before.problem != nil:
			a.waves = append(a.waves, lostOrder("flux-depends-on", fmt.Sprintf("%s is not converted: nothing waits for it", ref)))
		default:
			a.wave = max(a.wave, rank(before, byRef, state)+1)
			a.waves = append(a.waves, mapping.Verdict{})
		}
	}
	state[a] = visited
	return a.wave
}

func lostOrder(id, note string) mapping.Verdict {
	return mapping.Verdict{ID: id, Promise: mapping.Promise{Fidelity: ledger.Unsupported, Note: note}}
}
