package function

import (
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// place lays out the slots as a list of items and gives new items their path and
// index. framework.Execute mirrors both to the annotation form of the input.
func place(slots []slot, perApp bool) ([]*yaml.RNode, error) {
	taken := map[string]bool{}
	for _, s := range slots {
		taken[pathOf(s.item)] = true
	}
	var items []*yaml.RNode
	grown := map[string]bool{} // files whose items need new numbers
	for _, s := range slots {
		if !s.converted {
			items = append(items, s.item)
			continue
		}
		file := pathOf(s.item)
		own := perApp || path.Ext(file) == ".json" // JSON holds one document
		for _, node := range s.out {
			if err := placeOne(node, file, own, taken); err != nil {
				return nil, err
			}
			items = append(items, node)
		}
		grown[file] = !own
	}
	return items, renumber(items, grown)
}

// placeOne puts a new item into file, or into a file of its own beside it. An
// item without a file stays without one.
func placeOne(node *yaml.RNode, file string, own bool, taken map[string]bool) error {
	if file == "" {
		return nil
	}
	if !own {
		return setPath(node, file)
	}
	file = newFile(path.Dir(file), node, taken)
	taken[file] = true
	if err := setPath(node, file); err != nil {
		return err
	}
	return setIndex(node, 0)
}

// newFile names a file in dir after node that no item has yet.
func newFile(dir string, node *yaml.RNode, taken map[string]bool) string {
	base := strings.ToLower(node.GetKind()) + "-" + strings.ReplaceAll(node.GetName(), ":", "-")
	file := path.Join(dir, base+".yaml")
	for n := 2; taken[file]; n++ {
		file = path.Join(dir, fmt.Sprintf("%s-%d.yaml", base, n))
	}
	return file
}

// renumber gives the items of the grown files their positions as indices.
func renumber(items []*yaml.RNode, grown map[string]bool) error {
	next := map[string]int{}
	for _, item := range items {
		file := pathOf(item)
		if file == "" || !grown[file] {
			continue
		}
		if err := setIndex(item, next[file]); err != nil {
			return err
		}
		next[file]++
	}
	return nil
}
