package preserve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Annotation holds a Record, on the first object that deploys something.
const Annotation = "kubectl-gitops.io/preserved"

// PartOf names, as Kind/namespace/name, the object with the Record, on the others
// that deploy for it.
const PartOf = "kubectl-gitops.io/part-of"

// A Record says how the objects of one deployment were, compared with what comes back
// of the objects that took their place.
type Record struct {
	// Objects are those that were there.
	Objects []Object `json:"objects"`
	// Dropped came back and were not there.
	Dropped []Dropped `json:"dropped,omitempty"`
}

// An Object is one that was there.
type Object struct {
	Kind string `json:"kind"`
	// Changes lead from what comes back to what was; see Whole.
	Changes []Change `json:"changes,omitempty"`
	// Whole is the object where nothing of its kind comes back for it alone.
	Whole json.RawMessage `json:"whole,omitempty"`
}

// A Dropped is an object that comes back in place of a whole one.
type Dropped struct {
	Kind string `json:"kind"`
	Now  string `json:"now"`
}

// Compare returns the Record of the objects that were, given what comes back of them.
// An object is compared with the one of its kind; where there are several of a kind
// on one side and not on the other, they are kept whole.
func Compare(were, images []*yaml.Node) Record {
	var r Record
	for _, w := range were {
		kind := node.Text(w, "kind")
		was := Desired(w)
		if image := of(kind, images); count(kind, were) == 1 && count(kind, images) == 1 {
			r.Objects = append(r.Objects, Object{Kind: kind, Changes: Diff(was, Desired(image))})
			continue
		}
		r.Objects = append(r.Objects, Object{Kind: kind, Whole: raw(was)})
	}
	for _, image := range images {
		kind := node.Text(image, "kind")
		if count(kind, were) != 1 || count(kind, images) != 1 {
			r.Dropped = append(r.Dropped, Dropped{kind, Fingerprint(Desired(image))})
		}
	}
	return r
}

// Lacks adds that the object of a kind had no field, and that none comes back of its own
// unit: one that others bring is removed. An object that is kept whole needs no telling.
func (r *Record) Lacks(kind string, at ...any) {
	for i := range r.Objects {
		if o := &r.Objects[i]; o.Kind == kind && o.Whole == nil {
			o.Changes = append(o.Changes, Change{At: at})
		}
	}
}

func count(kind string, objects []*yaml.Node) (n int) {
	for _, o := range objects {
		if node.Text(o, "kind") == kind {
			n++
		}
	}
	return n
}

func of(kind string, objects []*yaml.Node) *yaml.Node {
	for _, o := range objects {
		if node.Text(o, "kind") == kind {
			return o
		}
	}
	return nil
}

// Text returns the Record as the annotation holds it.
func (r Record) Text() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}

// Read returns the Record of an object, or nil where it has none.
func Read(root *yaml.Node) (*Record, error) {
	text := node.Text(root, "metadata", "annotations", Annotation)
	if text == "" {
		return nil, nil
	}
	r := &Record{}
	if err := json.Unmarshal([]byte(text), r); err != nil || !r.valid() {
		return nil, fmt.Errorf("metadata.annotations[%q] is no record of a conversion: remove it, or restore its text", Annotation)
	}
	return r, nil
}

// valid tells whether there are objects, and whether each can be what it says.
func (r *Record) valid() bool {
	return len(r.Objects) > 0 && !slices.ContainsFunc(r.Objects, func(o Object) bool { return !o.valid() })
}

// valid tells whether each change has a place, and whether a whole object is one of
// either tool with a name: a record is text that anybody may write.
func (o Object) valid() bool {
	if slices.ContainsFunc(o.Changes, func(c Change) bool { return len(c.At) == 0 }) {
		return false
	}
	if o.Whole == nil {
		return true
	}
	root := node.FromValue(Decode(o.Whole))
	version := node.Text(root, "apiVersion")
	return root.Kind == yaml.MappingNode && node.Text(root, "kind") == o.Kind && node.Text(root, "metadata", "name") != "" &&
		(flux.Ours(version) || version == argocd.APIVersion)
}

// Holds tells whether what was dropped is still what comes back, so that whole
// objects can take its place.
func (r *Record) Holds(images []*yaml.Node) bool {
	left := map[Dropped]int{}
	for _, image := range images {
		left[Dropped{node.Text(image, "kind"), Fingerprint(Desired(image))}]++
	}
	for _, d := range r.Dropped {
		if left[d]--; left[d] < 0 {
			return false
		}
	}
	return true
}

// Drops tells whether objects of the kind come back that were not there.
func (r *Record) Drops(kind string) bool {
	return slices.ContainsFunc(r.Dropped, func(d Dropped) bool { return d.Kind == kind })
}

// Whole tells whether objects of the kind are kept whole.
func (r *Record) Whole(kind string) bool {
	return slices.ContainsFunc(r.Objects, func(o Object) bool { return o.Kind == kind && o.Whole != nil })
}

// Mentions tells whether what comes back by the record alone holds a text.
func (r *Record) Mentions(text string) bool {
	objects, err := json.Marshal(r.Objects)
	return err == nil && bytes.Contains(objects, []byte(text))
}

// Wanted returns the name and namespace that the first object had, or "" where they
// come back by themselves. name and namespace are what comes back today.
func (r *Record) Wanted(name, namespace string) (wantedName, wantedNamespace string) {
	first := r.Objects[0]
	if first.Whole != nil {
		whole, _ := Decode(first.Whole).(map[string]any)
		meta, _ := whole["metadata"].(map[string]any)
		wantedName, _ = meta["name"].(string)
		wantedNamespace, _ = meta["namespace"].(string)
		return wantedName, wantedNamespace
	}
	return first.was("name", name), first.was("namespace", namespace)
}

func (o Object) was(key, now string) string {
	for _, c := range o.Changes {
		if len(c.At) == 2 && c.At[0] == "metadata" && c.At[1] == key && c.Was != nil && c.Now == Fingerprint(now) {
			text, _ := Decode(c.Was).(string)
			return text
		}
	}
	return ""
}

// Desired returns what a person wrote of an object: all but what the cluster writes,
// Records, and credentials in addresses.
func Desired(root *yaml.Node) any {
	root = node.Clone(root)
	if root == nil || root.Kind != yaml.MappingNode {
		return nil
	}
	node.ResolveOldBools(root)
	value, _ := node.Value(root).(map[string]any)
	delete(value, "status")
	delete(value, "operation")
	meta, _ := value["metadata"].(map[string]any)
	for _, key := range []string{
		"creationTimestamp", "uid", "resourceVersion", "generation", "selfLink", "managedFields",
		"deletionTimestamp", "deletionGracePeriodSeconds", "ownerReferences",
	} {
		delete(meta, key)
	}
	if annotations, ok := meta["annotations"].(map[string]any); ok {
		for _, key := range []string{Annotation, PartOf, "kubectl.kubernetes.io/last-applied-configuration"} {
			delete(annotations, key)
		}
		if len(annotations) == 0 {
			delete(meta, "annotations")
		}
	}
	withoutCredentials(value["spec"])
	withoutWebhook(value["kind"], value["spec"])
	return value
}
