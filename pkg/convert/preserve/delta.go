package preserve

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Change is a field that does not come back as it was.
type Change struct {
	// At are the keys that lead to the field; numbers are indices of lists.
	At []any `json:"at"`
	// Was is the field's value, or nil where there was none.
	Was json.RawMessage `json:"was,omitempty"`
	// Now is the fingerprint of what comes back, or "" where nothing does.
	Now string `json:"now,omitempty"`
}

// Diff returns how was differs from image, which is what comes back of it. Lists of
// different length differ as a whole.
func Diff(was, image any) []Change {
	changes := diff(nil, nil, was, image)
	for i := range changes {
		changes[i].Now = changes[i].now(image)
	}
	return changes
}

func diff(changes []Change, at []any, was, image any) []Change {
	oldMap, isMap := was.(map[string]any)
	newMap, stillMap := image.(map[string]any)
	oldList, isList := was.([]any)
	newList, stillList := image.([]any)
	switch {
	case isMap && stillMap:
		for _, key := range keys(oldMap, newMap) {
			changes = field(changes, append(slices.Clone(at), key), oldMap, newMap, key)
		}
	case isList && stillList && len(oldList) == len(newList):
		for i := range oldList {
			changes = diff(changes, append(slices.Clone(at), i), oldList[i], newList[i])
		}
	case !reflect.DeepEqual(was, image):
		changes = append(changes, Change{At: at, Was: raw(was)})
	}
	return changes
}

func field(changes []Change, at []any, was, image map[string]any, key string) []Change {
	old, had := was[key]
	now, has := image[key]
	switch {
	case !had:
		return append(changes, Change{At: at})
	case !has:
		return append(changes, Change{At: at, Was: raw(old)})
	default:
		return diff(changes, at, old, now)
	}
}

func raw(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		return json.RawMessage("null")
	}
	return text
}

func keys(a, b map[string]any) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return sortedKeys(all)
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// Restore undoes the changes in root wherever image, which is what comes back today,
// is still what came back then. It returns the paths that it restored.
func Restore(changes []Change, root *yaml.Node, image any) (paths []string) {
	for _, c := range changes {
		if c.now(image) != c.Now {
			continue // what is there now wins
		}
		if c.apply(root) {
			paths = append(paths, c.path())
		}
	}
	return paths
}

// anchors are the fields that decide what it means not to set a field: a field that was
// not set stays set where one of them has changed. helm-controller calls a release
// [targetNamespace-]name, a reference without a namespace means that of its object, and
// kustomize-controller deletes by prune where no policy is set.
var anchors = map[string][][]any{
	"releaseName":      {{"metadata", "name"}, {"metadata", "namespace"}, {"spec", "targetNamespace"}},
	"targetNamespace":  {{"metadata", "namespace"}},
	"storageNamespace": {{"metadata", "namespace"}},
	"namespace":        {{"metadata", "namespace"}},
	"deletionPolicy":   {{"spec", "prune"}},
}

// now returns the fingerprint of what an image has at the place, and of its anchors.
func (c Change) now(image any) string {
	own := lookup(image, c.At)
	key, _ := c.At[len(c.At)-1].(string)
	if c.Was != nil || anchors[key] == nil {
		return own
	}
	all := []string{own}
	for _, at := range anchors[key] {
		all = append(all, lookup(image, at))
	}
	return Fingerprint(all)
}

// lookup returns the fingerprint of the value at a place, or "".
func lookup(value any, at []any) string {
	for _, step := range at {
		switch v := value.(type) {
		case map[string]any:
			key, _ := step.(string)
			child, ok := v[key]
			if !ok {
				return ""
			}
			value = child
		case []any:
			i, ok := index(step)
			if !ok || i >= len(v) {
				return ""
			}
			value = v[i]
		default:
			return ""
		}
	}
	return Fingerprint(value)
}

// index reads a step into a list, which JSON turns into a float.
func index(step any) (int, bool) {
	switch i := step.(type) {
	case int:
		return i, true
	case float64:
		return int(i), i >= 0
	}
	return 0, false
}

func (c Change) path() (path string) {
	for _, step := range c.At {
		if key, ok := step.(string); ok {
			path = ledger.Key(path, key)
		} else if i, ok := index(step); ok {
			path += "[" + strconv.Itoa(i) + "]"
		}
	}
	return path
}

// apply sets or removes the field. It returns false where the way to it is gone.
func (c Change) apply(root *yaml.Node) bool {
	n := root
	for _, step := range c.At[:len(c.At)-1] {
		if n = descend(n, step, c.Was != nil); n == nil {
			return c.Was == nil
		}
	}
	last := c.At[len(c.At)-1]
	if c.Was == nil {
		key, _ := last.(string)
		node.Remove(n, key)
		return true
	}
	value := node.FromValue(Decode(c.Was))
	if i, ok := index(last); ok {
		if n.Kind != yaml.SequenceNode || i >= len(n.Content) {
			return false
		}
		replace(n.Content[i], value)
		return true
	}
	key, _ := last.(string)
	if old := node.Get(n, key); old != nil {
		replace(old, value)
		return true
	}
	if n.Kind != yaml.MappingNode {
		return false
	}
	n.Content = append(n.Content, node.String(key), value)
	return true
}

// replace keeps the node, which others may point at, and its comments.
func replace(old, value *yaml.Node) {
	old.Kind, old.Tag, old.Value, old.Style, old.Content = value.Kind, value.Tag, value.Value, value.Style, value.Content
}

func descend(n *yaml.Node, step any, create bool) *yaml.Node {
	if i, ok := index(step); ok {
		if n.Kind != yaml.SequenceNode || i >= len(n.Content) {
			return nil
		}
		return n.Content[i]
	}
	key, _ := step.(string)
	child := node.Get(n, key)
	if child == nil && create && n.Kind == yaml.MappingNode {
		child = node.Map()
		n.Content = append(n.Content, node.String(key), child)
	}
	return child
}
