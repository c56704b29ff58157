package mapping

import (
	"cmp"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Twins are the Applications of a run by namespace and name, of which a cluster holds one.
type Twins map[[2]string]*twins

// twins are Applications of one name: where the first was read, and how many came later.
type twins struct {
	first string
	later int
}

// Claim notes the Application of a unit, and blocks one whose name an earlier Application
// has. Units must come in input order, before their objects get names. As with Releases,
// the later one stays suspended; its objects get other names.
func (t Twins) Claim(u *Unit) {
	at := [2]string{cmp.Or(u.App.Namespace, u.Settings.ArgoCDNamespace), u.App.Name}
	known := t[at]
	switch {
	case known == nil:
		t[at] = &twins{first: u.where()}
	case u.restored == nil:
		known.later++
		u.twin(known)
	}
}

// where tells where the Application stands; items of a ResourceList need not be of a file.
func (u *Unit) where() string {
	if u.File == "" {
		return "another item"
	}
	return fmt.Sprintf("the Application of %s:%d", u.File, u.App.Root.Line)
}

// twin changes the verdict on a name once an earlier Application is known to have it.
func (u *Unit) twin(of *twins) {
	v := blocking(of.first + " has this name and namespace, too: no cluster holds both, and both would deploy to the same one. What this one became has another name; convert what each cluster has by itself, or leave one out").as("several-clusters")
	for _, o := range u.Objects() {
		if !o.Shared {
			o.Owner = fmt.Sprintf("%s %d", o.Owner, of.later)
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
