package convert

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// maxWaits bounds the references of a rolling sync: each object names all before it.
const maxWaits = 10_000

// roll lets the objects of each step of a rolling sync wait for those of the step before
// it, and returns those that wait. units are those of the Applications, or nil. Objects of
// Flux wait for those of their own kind only.
func roll(steps [][]int, units []*mapping.Unit) (waiting []*object.Object) {
	var before []*object.Object
	for _, step := range steps {
		var now []*object.Object
		for _, i := range step {
			now = append(now, appliers(units[i])...)
		}
		if len(now)*len(before) > maxWaits {
			return waiting
		}
		for _, o := range now {
			if waitFor(o, before) {
				waiting = append(waiting, o)
			}
		}
		if len(now) > 0 {
			before = now
		}
	}
	return waiting
}

// appliers are the objects that deploy an Application. Restored ones stay as they were.
func appliers(u *mapping.Unit) (all []*object.Object) {
	if u == nil {
		return nil
	}
	for _, o := range u.Objects() {
		if flux.IsApplier(o.Kind.Name) && !o.Restored {
			all = append(all, o)
		}
	}
	return all
}

// waitFor tells whether there is anything that o can wait for.
func waitFor(o *object.Object, others []*object.Object) (any bool) {
	for _, other := range others {
		if other.Kind != o.Kind {
			continue
		}
		ref := node.Map("name", other.NameNode())
		if other.Namespace() != o.Namespace() {
			node.Put(ref, "namespace", node.String(other.Namespace()))
		}
		o.Append(node.List(ref).Content, "spec", "dependsOn")
		any = true
	}
	return any
}
