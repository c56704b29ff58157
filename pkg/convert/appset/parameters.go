package appset

import (
	"bytes"
	"encoding/json"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Parameters returns the sets of parameters that an item of generators of the
// ApplicationSet at root gives, as JSON has them, numbers as they are written; at is the path of the item.
func Parameters(root, item *yaml.Node, at string, w World) ([]map[string]any, *Problem) {
	x := &expansion{root: root, world: &w, names: map[string]bool{}, trees: map[string]*tree{}}
	x.engine = newEngine(root, w.Functions)
	results, err := x.transform(item, at, nil)
	if err != nil {
		return nil, locate(err, item, at)
	}
	var all []map[string]any
	for _, r := range results {
		for _, set := range r.sets {
			plain, err := plainSet(set)
			if err != nil {
				return nil, locate(err, item, at)
			}
			all = append(all, plain)
		}
	}
	return all, nil
}

// plainSet is a set with the types of JSON.
func plainSet(set params) (plain map[string]any, err error) {
	data, err := json.Marshal(set)
	if err != nil {
		return nil, invalid("a parameter has a value that JSON has not")
	}
	numbers := json.NewDecoder(bytes.NewReader(data))
	numbers.UseNumber()
	return plain, numbers.Decode(&plain)
}
