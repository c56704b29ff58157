package liveset

import (
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A factor gives sets of inputs: its own, or those of providers. A ResourceSet makes its
// resources for every combination of what its factors give.
type factor struct {
	at        string // the path of its generator; of the first where there are several
	inputs    []*yaml.Node
	providers []*provider
}

// samples are what the factor gives, or what stands for it.
func (f *factor) samples() (all []sample) {
	for i, in := range f.inputs {
		all = append(all, sample{in, in, i})
	}
	for i, p := range f.providers {
		switch {
		case p.found != nil:
			all = append(all, p.directories(i)...)
		case i == 0:
			all = p.requests()
		}
	}
	return all
}

// reference finds a parameter that all inputs have; below is where these are.
func (f *factor) reference(path, below []string) (found phrase, ok bool) {
	for _, p := range f.providers {
		if found, ok = p.reference(path, below); !ok {
			return nil, false
		}
	}
	for _, in := range f.inputs {
		if at := node.At(in, path...); at == nil || at.Kind != yaml.ScalarNode {
			return nil, false
		}
		found = expression(input(append(below[:len(below):len(below)], path...)))
	}
	if len(f.providers)+len(f.inputs) == 0 {
		return expression(input(path)), true // of no element
	}
	return found, found != nil
}

// permuted tells whether there are several factors. flux-operator then keeps the inputs
// of each apart (strategy Permute, fluxoperator.dev/docs/crd/resourceset).
func (s *Set) permuted() bool { return len(s.factors) > 1 }

// below is where the inputs of a factor are.
func (s *Set) below(f *factor) []string {
	if !s.permuted() {
		return nil
	}
	return []string{key(s.giver(f))}
}

var noWord = regexp.MustCompile(`[^a-z0-9]+`)

// key is what flux-operator makes of the name of what gives inputs: words of lower case,
// joined by underscores.
func key(name string) string { return strings.Trim(noWord.ReplaceAllString(name, "_"), "_") }

// giver is the name of the object that gives the inputs of a factor of several.
func (s *Set) giver(f *factor) string {
	name := s.name()
	switch {
	case len(f.providers) == 0:
		return name
	case f.providers[0].found != nil:
		return f.providers[0].found.name
	}
	return name + "-requests" + numbered(s.before(f))
}

// before counts the factors of requests before f.
func (s *Set) before(f *factor) (count int) {
	for _, other := range s.factors {
		if other == f {
			break
		}
		if len(other.providers) > 0 && other.providers[0].found == nil {
			count++
		}
	}
	return count
}

// elements are the samples of the factor as a list generator of Argo CD has them.
func (f *factor) elements() (all []*yaml.Node) {
	for _, one := range f.samples() {
		all = append(all, one.parameters)
	}
	return all
}

// combinations are those of the samples of all factors.
func (s *Set) combinations() []sample {
	all := []sample{{parameters: node.Map(), inputs: node.Map()}}
	for _, f := range s.factors {
		var more []sample
		for _, one := range all {
			for _, next := range f.samples() {
				inputs := next.inputs
				if s.permuted() {
					inputs = node.Map(s.below(f)[0], inputs)
				}
				more = append(more, sample{joined(one.parameters, next.parameters), joined(one.inputs, inputs), max(one.own, next.own)})
			}
		}
		all = more
	}
	return all
}

// joined is a map of what both maps have.
func joined(a, b *yaml.Node) *yaml.Node {
	both := node.Clone(a)
	both.Content = append(both.Content, node.Clone(b).Content...)
	return both
}
