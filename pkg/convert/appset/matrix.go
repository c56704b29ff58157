package appset

import (
	"strings"

	"dario.cat/mergo"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// matrix follows applicationset/generators/matrix.go: every set of the first generator
// with every one of the second, whose templates may name parameters of the first.
func (x *expansion) matrix(body *yaml.Node, at string) (sets []params, err error) {
	generators := node.Items(body, "generators")
	if len(generators) != 2 {
		return nil, invalid("a matrix takes two generators, and this one has %d: nest them", len(generators))
	}
	path := func(i int) string { return ledger.Index(at+".generators", i) }
	first, err := x.child(generators[0], path(0), nil)
	if err != nil {
		return nil, err
	}
	var second []params
	once := !templated(generators[1])
	for i, a := range first {
		if i == 0 || !once {
			if second, err = x.child(generators[1], path(1), a); err != nil {
				return nil, err
			}
		}
		if err := x.count(len(second)); err != nil {
			return nil, err
		}
		for _, b := range second {
			both, err := x.join(a, copied(b).(params))
			if err != nil {
				return nil, err
			}
			sets = append(sets, both)
		}
	}
	return sets, nil
}

// join joins a set of the first generator of a matrix with one of the second. With Go
// templates the first wins, and maps of it that the second has not are shared by all
// that come of it, as in the controller.
func (x *expansion) join(a, b params) (params, error) {
	if x.engine.base == nil {
		return combine(a, b)
	}
	both := params{}
	if err := overlay(&both, b); err != nil {
		return nil, err
	}
	return both, overlay(&both, a)
}

// overlay puts one set over another, nested maps included.
func overlay(dst *params, src params) (err error) {
	defer func() {
		if recover() != nil { // the library does not expect maps of other types
			err = invalid("parameters of two generators do not go together: a map of one is no map of the other")
		}
	}()
	if err := mergo.Merge(dst, src, mergo.WithOverride); err != nil {
		return invalid("parameters of two generators do not go together: a map of one is no map of the other")
	}
	return nil
}

// templated tells whether anything below n may be a template.
func templated(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		return strings.Contains(n.Value, "{{")
	}
	for _, child := range n.Content {
		if templated(child) {
			return true
		}
	}
	return false
}
