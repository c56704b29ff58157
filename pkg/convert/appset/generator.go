package appset

import (
	"cmp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// order is that of the controller's struct, in which it looks for generators
// (GetRelevantGenerators in applicationset/generators/generator_spec_processor.go).
var order = []string{"list", "clusters", "git", "scmProvider", "clusterDecisionResource", "pullRequest", "matrix", "merge", "plugin", "oci"}

// kinds lists the generators that an item of generators holds.
func kinds(g *yaml.Node) []string {
	return slices.DeleteFunc(slices.Clone(order), func(kind string) bool { return node.Null(node.Get(g, kind)) })
}

// A result is what one generator gives.
type result struct {
	kind string
	sets []params
}

// transform returns what an item of generators gives: its generators' sets of
// parameters, filled in with those of a parent, that its selector takes.
func (x *expansion) transform(g *yaml.Node, at string, parent params) (results []result, err error) {
	if len(kinds(g)) == 0 {
		return nil, invalid("it holds no generator that Argo CD knows (it has %s)", cmp.Or(strings.Join(keys(g), ", "), "nothing"))
	}
	matches, err := newSelector(node.Get(g, "selector"), true)
	if err != nil {
		return nil, locate(err, node.Get(g, "selector"), at+".selector")
	}
	filled := g
	if len(parent) > 0 {
		if filled, err = x.interpolate(g, parent); err != nil {
			return nil, err
		}
	}
	for _, kind := range kinds(g) {
		body, here := node.Get(filled, kind), at+"."+kind
		sets, err := x.generate(kind, body, here)
		if err == nil && matches != nil {
			sets, err = selected(sets, matches)
		}
		if err == nil {
			err = x.count(len(sets))
		}
		if err != nil {
			return nil, locate(err, node.Get(g, kind), here)
		}
		results = append(results, result{kind, sets})
	}
	return results, nil
}

func (x *expansion) generate(kind string, body *yaml.Node, at string) ([]params, error) {
	switch kind {
	case "list":
		return x.list(body)
	case "clusters":
		return x.clusters(body)
	case "git", "oci":
		return x.git(kind, body, at)
	case "matrix":
		return x.matrix(body, at)
	case "merge":
		return x.merge(body, at)
	}
	return nil, &Problem{ID: "appset-generator-live", Msg: "the generator " + kind + " " + live[kind]}
}

// child returns what an item of the generators of a matrix or merge gives.
func (x *expansion) child(g *yaml.Node, at string, parent params) ([]params, error) {
	results, err := x.transform(g, at, parent)
	switch {
	case err != nil:
		return nil, locate(err, g, at)
	case len(results) > 1:
		return nil, locate(invalid("it holds more than one generator: give each an item of its own"), g, at)
	}
	return results[0].sets, nil
}

// keys lists what an item of generators says.
func keys(g *yaml.Node) (all []string) {
	for i := 0; g.Kind == yaml.MappingNode && i < len(g.Content); i += 2 {
		all = append(all, g.Content[i].Value)
	}
	return all
}

// selected keeps the sets that a selector takes.
func selected(sets []params, matches selector) (kept []params, err error) {
	for _, set := range sets {
		flat, err := flatten(opened(set))
		if err != nil {
			return nil, err
		}
		if matches.match(flat) {
			kept = append(kept, set)
		}
	}
	return kept, nil
}

// count bounds the sets of all generators together.
func (x *expansion) count(more int) error {
	if x.sets += more; x.sets > maxSets {
		return &Problem{ID: "appset-limit", Msg: "the generators give too many sets of parameters: split the ApplicationSet"}
	}
	return nil
}

// withValues adds what a generator's own field values says, filled in with the other
// parameters only (appendTemplatedValues in
// applicationset/generators/value_interpolation.go).
func (x *expansion) withValues(set params, body *yaml.Node) (params, error) {
	own := node.Get(body, "values")
	if node.Empty(own) {
		return set, nil
	}
	texts := map[string]string{}
	for i := 0; i+1 < len(own.Content); i += 2 {
		text, err := x.engine.text(own.Content[i+1].Value, set)
		if err != nil {
			return nil, err
		}
		texts[own.Content[i].Value] = text
	}
	if x.engine.base != nil {
		set["values"] = texts
		return set, nil
	}
	for key, text := range texts {
		set["values."+key] = text
	}
	return set, nil
}
