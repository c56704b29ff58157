package credential

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"

// rename gives a Secret the first of the names that is one and that no other Secret of its
// namespace has, neither of those that are written nor, with other content, of the input.
func (s *Store) rename(o *object.Object, names ...string) {
	last := names[len(names)-1]
	for _, name := range names {
		name = object.Fit(name, maxName)
		if at := o.Namespace() + "/" + name; name != "" && !s.names[at] && s.holds(o, name) != object.Taken {
			s.names[at] = true
			o.Owner, o.Names = at, []string{name}
			o.Rename(name)
			return
		}
	}
	s.rename(o, last+"-"+object.Hash(last))
}

// A Holds tells how a name stands in the input.
type Holds func(o *object.Object, name string) object.Standing
