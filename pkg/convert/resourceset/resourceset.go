// Package resourceset expands ResourceSets of flux-operator whose inputs are static, by
// what the public documentation of the API says (fluxoperator.dev/docs/crd/resourceset).
// What only the operator knows makes a ResourceSet dynamic: inputs of providers, the
// built-in inputs.id, data that it copies. Such a one is refused, not guessed.
package resourceset

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Kind is the kind of the objects that this package expands.
const Kind = "ResourceSet"

// annotations are the prefix of those that the operator reads.
const annotations = flux.OperatorGroup + "/"

// Is tells whether root is a ResourceSet.
func Is(root *yaml.Node) bool {
	return node.Text(root, "kind") == Kind && flux.Group(node.Text(root, "apiVersion")) == flux.OperatorGroup
}

// A Dynamic is why a ResourceSet needs its operator.
type Dynamic struct {
	Path string
	Line int
	Msg  string
}

func (d *Dynamic) Error() string { return d.Msg }

// Expand returns the objects that a ResourceSet makes, in order, with the lines of
// their templates. namespace stands in where the ResourceSet names none. The error is of
// type *Dynamic.
func Expand(root *yaml.Node, namespace string) ([]*yaml.Node, error) {
	if err := static(root); err != nil {
		return nil, err
	}
	inputs, err := readInputs(root, namespace)
	if err != nil {
		return nil, err
	}
	x := expansion{root: root, seen: map[identity]string{}, budget: newBudget()}
	for _, in := range inputs {
		if err := x.resources(in); err != nil {
			return nil, err
		}
	}
	for _, in := range inputs {
		if err := x.template(in); err != nil {
			return nil, err
		}
	}
	return x.objects, nil
}

// static refuses what needs the operator.
func static(root *yaml.Node) error {
	refuse := func(msg string, keys ...string) error {
		at := node.At(root, keys...)
		return &Dynamic{strings.Join(keys, "."), at.Line, msg}
	}
	spec := node.Get(root, "spec")
	switch strategy := node.Text(spec, "inputStrategy", "name"); {
	case !node.Empty(node.Get(spec, "inputsFrom")):
		return refuse("the inputs come from providers, which the operator asks", "spec", "inputsFrom")
	case !node.Empty(node.Get(spec, "steps")):
		return refuse("Argo CD has no steps that wait for each other: make sync waves of them", "spec", "steps")
	case strategy != "" && strategy != "Flatten":
		return refuse("the operator combines the inputs and names the results", "spec", "inputStrategy", "name")
	case node.Text(root, "metadata", "annotations", annotations+"reconcile") == "disabled":
		return &Dynamic{"metadata.annotations", node.At(root, "metadata", "annotations").Line, "it is switched off, so that nothing of it is deployed"}
	case templated(node.Get(spec, "commonMetadata")):
		return refuse("a template where the documentation has none", "spec", "commonMetadata")
	}
	for i := 0; spec != nil && i+1 < len(spec.Content); i += 2 {
		if key := spec.Content[i]; !known[key.Value] {
			return &Dynamic{"spec." + key.Value, key.Line, "no rule knows this field"}
		}
	}
	return nil
}

// templated tells whether text below n holds a template.
func templated(n *yaml.Node) bool {
	if n == nil {
		return false
	}
	if strings.Contains(n.Value, opening) {
		return true
	}
	for _, child := range n.Content {
		if templated(child) {
			return true
		}
	}
	return false
}
