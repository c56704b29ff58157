package appset

import (
	"encoding/json"
	"maps"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// merge follows applicationset/generators/merge.go: the sets of the first generator,
// each covered by those of the others that have the same merge keys. The controller
// gives them in no order; here they keep that of the first generator.
func (x *expansion) merge(body *yaml.Node, at string) ([]params, error) {
	generators := node.Items(body, "generators")
	if len(generators) < 2 {
		return nil, invalid("a merge takes two generators or more")
	}
	var keys []string
	for _, key := range node.Items(body, "mergeKeys") {
		keys = append(keys, key.Value)
	}
	if len(keys) == 0 {
		return nil, invalid("a merge takes mergeKeys")
	}
	var base []params
	var index map[string]params
	for i, g := range generators {
		path := ledger.Index(at+".generators", i)
		sets, err := x.child(g, path, nil)
		if err != nil {
			return nil, err
		}
		byKey, err := indexed(sets, keys)
		if err != nil {
			return nil, locate(err, g, path)
		}
		if i == 0 {
			base, index = sets, byKey
			continue
		}
		if err := x.cover(index, byKey); err != nil {
			return nil, err
		}
	}
	return base, nil
}

// cover puts sets over those that have the same keys.
func (x *expansion) cover(base, over map[string]params) error {
	for _, key := range slices.Sorted(maps.Keys(over)) {
		set := over[key]
		under, ok := base[key]
		switch {
		case !ok:
		case x.engine.base == nil:
			maps.Copy(under, set)
		default:
			if err := overlay(&under, set); err != nil {
				return err
			}
		}
	}
	return nil
}

// indexed finds sets by the values of the merge keys, which tell them apart.
func indexed(sets []params, keys []string) (map[string]params, error) {
	index := map[string]params{}
	for _, set := range sets {
		own := params{}
		for _, key := range keys {
			own[key] = set[key]
		}
		id, err := json.Marshal(own)
		if err != nil {
			return nil, invalid("a merge key has a value that JSON has not")
		}
		if _, twice := index[string(id)]; twice {
			return nil, invalid("two sets of parameters of one generator have the same mergeKeys, which the controller refuses")
		}
		index[string(id)] = set
	}
	return index, nil
}
