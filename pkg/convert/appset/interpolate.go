package appset

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// valued are the generators that have a field values.
var valued = map[string]bool{
	"clusters": true, "git": true, "scmProvider": true, "clusterDecisionResource": true,
	"pullRequest": true, "plugin": true, "oci": true,
}

// interpolate returns a generator whose templates are filled in with the parameters of
// the one before it in a matrix (RenderGeneratorParams in applicationset/utils/utils.go).
func (x *expansion) interpolate(g *yaml.Node, set params) (*yaml.Node, error) {
	made := node.Clone(g)
	return made, x.interpolateInto(made, set)
}

func (x *expansion) interpolateInto(g *yaml.Node, set params) error {
	for i := 0; i+1 < len(g.Content); i += 2 {
		var err error
		switch kind, body := g.Content[i].Value, g.Content[i+1]; {
		case kind == "matrix" || kind == "merge":
			err = x.interpolateParent(body, set)
		case valued[kind]:
			err = x.interpolateValued(body, set)
		default:
			err = x.engine.replace(body, set)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *expansion) interpolateParent(body *yaml.Node, set params) error {
	generators := node.Get(body, "generators")
	for _, child := range node.Items(body, "generators") {
		if err := x.interpolateInto(child, set); err != nil {
			return err
		}
	}
	node.Remove(body, "generators")
	err := x.engine.replace(body, set)
	if generators != nil {
		node.Put(body, "generators", generators)
	}
	return err
}

// interpolateValued leaves those of the generator's own values that ask for parameters
// which only the generator itself gives.
func (x *expansion) interpolateValued(body *yaml.Node, set params) error {
	own := node.Get(body, "values")
	node.Remove(body, "values")
	if err := x.engine.replace(body, set); err != nil || own == nil {
		return err
	}
	for i := 1; i < len(own.Content); i += 2 {
		text, err := x.engine.lenient(own.Content[i].Value, set)
		if err != nil {
			return err
		}
		put(own.Content[i], text)
	}
	node.Put(body, "values", own)
	return nil
}
