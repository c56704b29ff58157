package credential

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// Take tells that the input has, or makes, a Secret of a name; in is nil where nobody can
// read it.
func (s *Store) Take(namespace, name string, in *secret.Secret) { s.taken[namespace+"/"+name] = in }

// name returns the first of the names that is one and that no other Secret of the namespace
// has. One of the input with the very same values may have it: it was made before.
func (s *Store) name(namespace string, values []field, names ...string) string {
	last := names[len(names)-1]
	for _, name := range names {
		name = object.Fit(name, maxName)
		if at := namespace + "/" + name; name != "" && !s.names[at] && s.free(at, values) {
			s.names[at] = true
			return name
		}
	}
	return s.name(namespace, values, last+"-"+object.Hash(last))
}

// free tells whether nothing of the input stands in the way of a Secret with the values.
func (s *Store) free(at string, values []field) bool {
	in, taken := s.taken[at]
	if !taken {
		return true
	}
	if in == nil || len(in.Keys()) != len(values) {
		return false
	}
	for _, f := range values {
		if in.Text(f.as) != f.text {
			return false
		}
	}
	return true
}
