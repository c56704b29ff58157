package liveset

import (
	"cmp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// generators reads the generators: what is made of lists alone, providers, or one matrix.
func (s *Set) generators(w World) *appset.Problem {
	items := node.Items(s.Root, "spec", "generators")
	for i, g := range items {
		at := ledger.Index("spec.generators", i)
		for k := 0; k+1 < len(g.Content); k += 2 {
			if own := node.Get(g.Content[k+1], "template"); !node.Empty(own) {
				return problem(own, at+"."+g.Content[k].Value+".template", "a generator has a template of its own, and a ResourceSet has one for all")
			}
		}
	}
	if len(items) == 1 && node.Get(items[0], "matrix") != nil && !listsOnly(items[0]) {
		if dependent(items[0]) {
			return s.lookups(items[0], "spec.generators[0].matrix", w)
		}
		return s.matrix(items[0], "spec.generators[0]", w)
	}
	all := &factor{at: "spec.generators[0]"}
	for i, g := range items {
		f, p := s.factor(g, ledger.Index("spec.generators", i), w)
		if p != nil {
			return p
		}
		all.inputs, all.providers = append(all.inputs, f.inputs...), append(all.providers, f.providers...)
		if len(all.inputs) > 0 && len(all.providers) > 0 || !all.alike() {
			return problem(g, f.at, "generators of different kinds, or of directories in different repositories, have different parameters")
		}
	}
	s.factors = []*factor{all}
	return nil
}

// alike tells whether all providers say the same kind of things in the same way.
func (f *factor) alike() bool {
	for _, p := range f.providers {
		if (p.found == nil) != (f.providers[0].found == nil) || p.found != nil && p.found.of != f.providers[0].found.of {
			return false
		}
	}
	return true
}

// factor reads an item of generators that holds one.
func (s *Set) factor(g *yaml.Node, at string, w World) (*factor, *appset.Problem) {
	if listsOnly(g) {
		f := &factor{at: at}
		return f, s.lists(f, g, at, w)
	}
	if len(g.Content) != 2 {
		return nil, problem(g, at, "it is no generator alone: a ResourceSet has no selectors, and takes one kind of inputs")
	}
	kind, body := g.Content[0].Value, g.Content[1]
	f := &factor{at: at + "." + kind}
	switch kind {
	case "pullRequest":
		return f, s.pullRequest(f, body, f.at)
	case "git":
		return f, s.git(f, []lookup{{body: body}}, f.at, w)
	}
	return nil, problem(g, f.at, "%s", without(kind))
}

// without says why a generator has no counterpart (the types of a
// ResourceSetInputProvider, fluxoperator.dev/docs/crd/resourcesetinputprovider).
func without(kind string) string {
	switch kind {
	case "clusters":
		return "no type of a ResourceSetInputProvider lists clusters: write them as a list, from which kubeconfig Secrets are named, or expand the set with the cluster Secrets in the input (--appset static)"
	case "scmProvider":
		return "a ResourceSetInputProvider lists branches, tags or requests of one repository, and not the repositories of an owner: write them as a list, or let a service of yours list them (type ExternalService)"
	case "merge":
		return "a ResourceSet concatenates or multiplies inputs, and does not join them by keys: write the result as a list, or expand the set (--appset static)"
	case "plugin", "clusterDecisionResource":
		return "no type of a ResourceSetInputProvider reads what the generator " + kind + " reads: let a service of yours answer (type ExternalService), or write its answer as a list"
	}
	return "flux-operator has no inputs like those of the generator " + kind
}

// matrix reads a matrix, and matrices in it, as one factor for each generator.
func (s *Set) matrix(g *yaml.Node, at string, w World) *appset.Problem {
	body := node.Get(g, "matrix")
	children := node.Items(body, "generators")
	switch {
	case len(g.Content) != 2:
		return problem(g, at, "a ResourceSet has no selectors")
	case len(children) != 2:
		return problem(g, at+".matrix", "a matrix takes two generators")
	case holds(children[1], "{{") && !listsOnly(children[1]):
		return problem(children[1], at+".matrix.generators[1]", "it takes parameters of the first generator, and inputs of a ResourceSet know nothing of each other")
	}
	for i, child := range children {
		here := ledger.Index(at+".matrix.generators", i)
		if node.Get(child, "matrix") != nil && !listsOnly(child) {
			if p := s.matrix(child, here, w); p != nil {
				return p
			}
			continue
		}
		f, p := s.factor(child, here, w)
		switch {
		case p != nil:
			return p
		case len(f.providers) > 1:
			return problem(child, f.at, "directories of several patterns take several providers, and each would be multiplied by the others: give each pattern an ApplicationSet of its own")
		}
		s.factors = append(s.factors, f)
	}
	return s.disjoint(g, at)
}

// dependent tells whether an item of generators is a matrix of a list and of directories
// that its elements name.
func dependent(g *yaml.Node) bool {
	children := node.Items(g, "matrix", "generators")
	if len(g.Content) != 2 || len(children) != 2 || len(children[1].Content) != 2 {
		return false
	}
	directories := node.At(children[1], "git", "directories")
	return directories != nil && holds(directories, "{{") && listsOnly(children[0])
}

// lookups reads a dependent matrix: a provider for each element, which gives it besides.
func (s *Set) lookups(g *yaml.Node, at string, w World) *appset.Problem {
	children := node.Items(g, "matrix", "generators")
	elements := &factor{}
	if p := s.lists(elements, children[0], at+".generators[0]", w); p != nil {
		return p
	}
	body := node.Get(children[1], "git")
	own := []string{cmp.Or(node.Text(body, "pathParamPrefix"), "path")}
	if !node.Empty(node.Get(body, "values")) {
		own = append(own, "values")
	}
	for _, name := range elements.parameters() {
		if slices.Contains(own, name) {
			return problem(g, at, "two generators give the parameter %s", name)
		}
	}
	f := &factor{at: at + ".generators[1].git"}
	var all []lookup
	for _, element := range elements.inputs {
		filled, err := appset.Filled(s.Root, children[1], element, w.World)
		if err != nil {
			return problem(children[1], f.at, "%s", err.Error())
		}
		all = append(all, lookup{node.Get(filled, "git"), element})
	}
	if len(all) == 0 {
		return problem(children[0], at+".generators[0]", "the list is empty, so that nothing is made")
	}
	s.factors = []*factor{f}
	return s.git(f, all, f.at, w)
}

// disjoint refuses what two generators of a matrix call by one name: which counts, and
// whether they may differ, Argo CD decides for each combination.
func (s *Set) disjoint(g *yaml.Node, at string) *appset.Problem {
	owner := map[string]int{}
	own := 0
	for i, f := range s.factors {
		if len(f.inputs) > 0 {
			own++
		}
		for _, name := range f.parameters() {
			if k, taken := owner[name]; taken && k != i {
				return problem(g, at+".matrix", "two generators give the parameter %s", name)
			}
			owner[name] = i
		}
	}
	if key(s.name()) == "id" {
		return problem(g, "metadata.name", "flux-operator itself gives the input id: rename the ApplicationSet")
	}
	combinations := 1
	for _, f := range s.factors {
		if combinations *= len(f.samples()); combinations > maxFound {
			return problem(g, at+".matrix", "flux-operator takes %d combinations, and there are more", maxFound)
		}
	}
	if own > 1 {
		return problem(g, at+".matrix", "the inputs of a ResourceSet are one list, and there are two beside other generators: write their combinations as one")
	}
	return nil
}

// parameters are the names, up to a dot or bracket, of what a factor gives.
func (f *factor) parameters() (names []string) {
	for _, e := range f.elements() {
		for i := 0; i+1 < len(e.Content); i += 2 {
			name := e.Content[i].Value
			if end := strings.IndexAny(name, ".["); end > 0 {
				name = name[:end]
			}
			names = append(names, name)
		}
	}
	return names
}
