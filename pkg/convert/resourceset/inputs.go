package resourceset

import (
	"encoding/json"
	"fmt"

	kubejson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// An input is one set of values, as JSON.
type input struct {
	data     []byte
	provider map[string]any
}

// readInputs returns the sets in order; none at all is one without values.
func readInputs(root *yaml.Node, namespace string) (inputs []input, err error) {
	p := provider(root, namespace)
	items := node.Items(root, "spec", "inputs")
	for i, item := range items {
		var value map[string]any
		err := item.Decode(&value)
		in := input{provider: p}
		if err == nil {
			in.data, err = json.Marshal(value)
		}
		if err != nil || value == nil {
			return nil, &Dynamic{fmt.Sprintf("spec.inputs[%d]", i), item.Line, "not a map of values that JSON has"}
		}
		inputs = append(inputs, in)
	}
	if len(items) == 0 {
		inputs = []input{{[]byte("{}"), p}}
	}
	return inputs, nil
}

// provider is the built-in reference to the object that gives the inputs. A namespace
// that is not known is left out, and a template that needs it fails.
func provider(root *yaml.Node, namespace string) map[string]any {
	p := map[string]any{
		"apiVersion": node.Text(root, "apiVersion"), "kind": Kind, "name": node.Text(root, "metadata", "name"),
	}
	if own := node.Text(root, "metadata", "namespace"); own != "" {
		namespace = own
	}
	if namespace != "" {
		p["namespace"] = namespace
	}
	return p
}

// A guess settles what is not documented: the built-in id of a set, the type that
// numbers have in templates, how toYaml ends. What depends on it comes out different for
// another guess.
type guess struct {
	id     string
	decode func([]byte, any) error
	end    string
}

var guesses = [2]guess{{"1", kubejson.Unmarshal, ""}, {"2-another", json.Unmarshal, "\n"}}

// values returns what a template finds as inputs, made anew as templates may change it.
func (in input) values(g guess) (map[string]any, error) {
	value := map[string]any{}
	if err := g.decode(in.data, &value); err != nil {
		return nil, err
	}
	own := map[string]any{}
	for key, text := range in.provider {
		own[key] = text
	}
	value["id"], value["provider"] = g.id, own
	return value, nil
}
