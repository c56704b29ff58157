// Package rbac knows what RBAC knows: the resources of the kinds of Kubernetes, and which
// kinds a set of rules lets one deploy.
package rbac

import "strings"

// Group is the API group of roles and bindings.
const Group = "rbac.authorization.k8s.io"

// Any stands for all groups, kinds, resources or verbs.
const Any = "*"

// A Kind is a kind of objects by group and name, either of which may be Any. Object is the
// name of the only object that is meant, or "" for all.
type Kind struct{ Group, Name, Object string }

// Covers tells whether all that other means is meant by k.
func (k Kind) Covers(other Kind) bool {
	return (k.Group == Any || k.Group == other.Group) && (k.Name == Any || k.Name == other.Name) &&
		(k.Object == "" || k.Object == other.Object)
}

// Covered tells whether one of the kinds covers k.
func Covered(k Kind, by []Kind) bool {
	for _, one := range by {
		if one.Covers(k) {
			return true
		}
	}
	return false
}

// Common returns what both lists cover: the narrower of each two that meet.
func Common(a, b []Kind) (both []Kind) {
	for _, k := range a {
		if Covered(k, b) {
			both = append(both, k)
		}
	}
	for _, k := range b {
		if Covered(k, a) && !Covered(k, both) {
			both = append(both, k)
		}
	}
	return both
}

// A Resource is a resource of the API server: what RBAC calls a kind.
type Resource struct {
	Group, Kind, Name string
	Namespaced        bool
}

// Find returns the built-in resource of a kind.
func Find(group, kind string) (r Resource, ok bool) {
	for _, r := range Builtin() {
		if r.Group == group && r.Kind == kind {
			return r, true
		}
	}
	return Resource{}, false
}

// Plural is the resource of a kind: of a built-in one the real one, else as far as the
// name tells (apimachinery pkg/api/meta UnsafeGuessKindToResource).
func Plural(group, kind string) string {
	if r, ok := Find(group, kind); ok {
		return r.Name
	}
	return guess(kind)
}

func guess(kind string) string {
	lower := strings.ToLower(kind)
	switch {
	case lower == "endpoints":
		return lower
	case strings.HasSuffix(lower, "s"):
		return lower + "es"
	case strings.HasSuffix(lower, "y"):
		return strings.TrimSuffix(lower, "y") + "ies"
	}
	return lower + "s"
}
