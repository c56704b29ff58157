package mapping

import (
	"cmp"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Twins are the Applications of a run by namespace and name, of which a cluster holds one,
// and the places that they were read from.
type Twins map[[2]string]string

// Claim notes the Application of a unit, and blocks one whose name an earlier Application
// has. Units must come in input order, before their objects get names. As with Releases,
// the later one stays suspended; its objects get other names.
func (t Twins) Claim(u *Unit) {
	at := [2]string{cmp.Or(u.App.Namespace, u.Settings.ArgoCDNamespace), u.App.Name}
	place := fmt.Sprintf("%s:%d", u.File, u.App.Root.Line)
	switch first, taken := t[at]; {
	case !taken:
		t[at] = place
	case u.restored == nil:
		u.twin(first, place)
	}
}

// twin changes the verdict on a name once an earlier Application is known to have it.
func (u *Unit) twin(first, place string) {
	v := blocking("the Application of " + first + " has this name and namespace, too: no cluster holds both, and both would deploy to the same one. What this one became has another name; convert what each cluster has by itself, or leave one out").as("several-clusters")
	for _, o := range u.Objects() {
		if !o.Shared {
			o.Owner += " " + place
		}
		if !flux.IsApplier(o.Kind.Name) {
			continue
		}
		v.To = append(v.To, Target{Object: o, Path: "metadata.name"})
		if !u.Settings.AllowBlocking {
			o.Set(node.Bool(true), "spec", "suspend")
		}
	}
	*u.verdict("metadata.name") = v
}
