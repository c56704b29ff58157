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
	index, byEntry := flux.NewIndex(), map[*flux.Entry]*applier{}
	for _, a := range s.appliers {
		e := &flux.Entry{Ref: a.Ref, File: a.file}
		index.Add(e)
		byEntry[e] = a
	}
	find := func(a *applier, ref flux.Ref) *applier {
		for _, e := range index.Find(ref, a.file) {
			if byEntry[e] != a || ref == a.Ref {
				return byEntry[e]
			}
		}
		return nil
	}
	state := map[*applier]visit{}
	for _, a := range s.appliers {
		rank(a, find, state)
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
func rank(a *applier, find func(*applier, flux.Ref) *applier, state map[*applier]visit) int {
	if state[a] != unvisited {
		return a.wave
	}
	state[a] = visiting
	for _, ref := range a.dependsOn {
		before := find(a, ref)
		switch {
		case before == nil:
			a.waves = append(a.waves, lostOrder("flux-depends-on", fmt.Sprintf("%s is not in the input: nothing waits for it", ref)))
		case state[before] == visiting:
			a.waves = append(a.waves, lostOrder("depends-on-cycle", fmt.Sprintf("%s depends on this object in turn: Flux waits for ever", ref)))
		case before.problem != nil:
			a.waves = append(a.waves, lostOrder("flux-depends-on", fmt.Sprintf("%s is not converted: nothing waits for it", ref)))
		default:
			before.awaited = true
			a.wave = max(a.wave, rank(before, find, state)+1)
			a.waves = append(a.waves, mapping.Verdict{})
		}
	}
	state[a] = visited
	return a.wave
}

// late returns a Kustomization above a that waits for others, and with it a, which as an
// Application comes in an earlier wave; or nil.
func (a *applier) late(seen map[*applier]bool) (above *applier) {
	for _, p := range a.parents {
		if above = p.applier; seen[above] {
			continue
		}
		seen[above] = true
		if above.wave > a.wave {
			return above
		}
		if further := above.late(seen); further != nil && further.wave > a.wave {
			return further
		}
	}
	return nil
}

func lostOrder(id, note string) mapping.Verdict {
	return mapping.Verdict{ID: id, Promise: mapping.Promise{Fidelity: ledger.Unsupported, Note: note}}
}
