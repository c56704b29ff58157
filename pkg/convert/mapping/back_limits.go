package mapping

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/rbac"
)

// Rights are what RBAC gives a ServiceAccount: in the whole cluster and in namespaces.
type Rights struct {
	Wide   []rbac.Rule
	Inside []NamespaceRights
	// Lost are rights that nobody knows.
	Lost []string
}

// NamespaceRights are those that are bound in a namespace.
type NamespaceRights struct {
	Namespace string
	Rules     []rbac.Rule
}

// limits are rights in the terms of an AppProject, which has one list of kinds for all of
// its namespaces.
type limits struct {
	namespaces     []string
	kinds, cluster []rbac.Kind
	lost           []string
}

// limits never allow more than the rights: the kinds are those of every namespace.
func (r Rights) limits() limits {
	wide := rbac.Deploys(r.Wide)
	l := limits{cluster: wide.Cluster, lost: slices.Concat(r.Lost, wide.Lost)}
	each := map[string][]rbac.Kind{}
	more := false
	for _, in := range r.Inside {
		d := rbac.Deploys(slices.Concat(r.Wide, in.Rules))
		l.lose(d.Lost)
		if len(d.Namespaced) == 0 {
			continue
		}
		if l.namespaces = append(l.namespaces, in.Namespace); len(l.namespaces) == 1 {
			l.kinds = d.Namespaced
		}
		l.kinds = rbac.Common(l.kinds, d.Namespaced)
		each[in.Namespace] = d.Namespaced
		more = more || slices.ContainsFunc(d.Namespaced, func(k rbac.Kind) bool { return !rbac.Covered(k, wide.Namespaced) })
	}
	if len(wide.Namespaced) > 0 && !more {
		return limits{[]string{"*"}, wide.Namespaced, l.cluster, l.lost}
	}
	for _, namespace := range l.namespaces {
		l.loseKinds(each[namespace], l.kinds, " in namespace "+namespace)
	}
	l.loseKinds(wide.Namespaced, nil, " in other namespaces")
	return l
}

// loseKinds tells of the kinds that others do not cover.
func (l *limits) loseKinds(kinds, by []rbac.Kind, where string) {
	for _, k := range kinds {
		if !rbac.Covered(k, by) {
			l.lose([]string{strings.TrimPrefix(k.Group+"/"+k.Name, "/") + where})
		}
	}
}

func (l *limits) lose(what []string) {
	for _, one := range what {
		l.lost = with(l.lost, one)
	}
}
