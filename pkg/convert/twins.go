package convert

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"

// twins tells appliers of each other that no cluster can hold both: it has one object
// of a kind, namespace and name.
func (s *survey) twins() {
	last := map[flux.Ref]*applier{}
	for _, a := range s.appliers {
		if a.Namespace == "" || len(a.missing) > 0 {
			continue
		}
		if other := last[a.Ref]; other != nil {
			a.twin = other.file
			other.twin = orElse(other.twin, a.file)
		}
		last[a.Ref] = a
	}
}
