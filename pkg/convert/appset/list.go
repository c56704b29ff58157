package appset

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// list follows applicationset/generators/list.go.
func (x *expansion) list(body *yaml.Node) (sets []params, err error) {
	for _, item := range node.Items(body, "elements") {
		item = node.Clone(item)
		if err := node.TextKeys(item); err != nil {
			return nil, &Problem{ID: "appset-invalid", Line: item.Line, Msg: err.Error()}
		}
		value, err := values(item)
		if err != nil {
			return nil, err
		}
		element, ok := value.(params)
		if !ok && value != nil {
			return nil, &Problem{ID: "appset-invalid", Line: item.Line, Msg: "an element is no map"}
		}
		if element == nil {
			element = params{}
		}
		if x.engine.base == nil {
			if element, err = texts(element); err != nil {
				return nil, err
			}
		}
		sets = append(sets, element)
	}
	more, err := elementsYaml(node.Text(body, "elementsYaml"))
	return append(sets, more...), err
}

// texts takes an element without Go templates, which has text only.
func texts(element params) (params, error) {
	set := params{}
	for key, value := range element {
		inner, isMap := value.(params)
		switch {
		case key == "values" && !isMap:
			return nil, invalid("values of an element is no map")
		case key != "values":
			inner = params{key: value}
		}
		for name, v := range inner {
			text, ok := v.(string)
			if !ok {
				return nil, invalid("the parameter %s is no text, which it has to be without goTemplate: quote it, or set spec.goTemplate", name)
			}
			if key == "values" {
				name = "values." + name
			}
			set[name] = text
		}
	}
	return set, nil
}

// maxYaml bounds the text of elementsYaml; the library bounds what aliases make of it.
const maxYaml = 1 << 20

func elementsYaml(text string) (sets []params, err error) {
	if len(text) > maxYaml {
		return nil, &Problem{ID: "appset-limit", Msg: "elementsYaml is larger than 1 MiB: split the ApplicationSet"}
	}
	if err := sigsyaml.Unmarshal([]byte(text), &sets); err != nil {
		return nil, invalid("elementsYaml is no list of maps in YAML")
	}
	return sets, nil
}
