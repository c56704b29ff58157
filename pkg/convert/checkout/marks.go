package checkout

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const toolkit = "kustomize.toolkit.fluxcd.io/"

// A Mark is an annotation or label by which kustomize-controller treats an object in its
// own way.
type Mark struct {
	// Key is ssa, reconcile, prune or force, and Value as Flux writes it: Ignore,
	// IfNotPresent, Merge, disabled or enabled.
	Key, Value string
	// Object is what has it, with its file.
	Object string
	// Label tells that it is no annotation, Cased that the value is written in
	// another case, Owned that the object has sync options of Argo CD's as well, and
	// Late that it is set after the patches at the path. A patch that Argo CD adds
	// finds, or keeps, none of these.
	Label, Cased, Owned, Late bool
}

// marks are the values that kustomize-controller knows, in any case (fluxcd/pkg
// ssa/utils AnyInMetadata; kustomization_controller.go apply, deleteObjects).
var marks = map[string][]string{
	"ssa": {"Ignore", "IfNotPresent", "Merge"}, "reconcile": {"disabled"}, "prune": {"disabled"}, "force": {"enabled"},
}

func marksOf(object string, meta *yaml.Node) (found []Mark) {
	owned := node.Text(meta, "annotations", "argocd.argoproj.io/sync-options") != ""
	for _, field := range []string{"annotations", "labels"} {
		for _, key := range []string{"ssa", "reconcile", "prune", "force"} {
			value := node.Text(meta, field, toolkit+key)
			for _, known := range marks[key] {
				if strings.EqualFold(value, known) {
					found = append(found, Mark{
						Key: key, Value: known, Object: object,
						Label: field == "labels", Cased: value != known, Owned: owned,
					})
				}
			}
		}
	}
	return found
}

// PatchMarks lists the marks that a patch of a kustomization sets; where names it.
func PatchMarks(where, text string) (found []Mark) {
	docs, _ := parse(text)
	for _, doc := range docs {
		found = append(found, marksOf(where, patchMetadata(doc))...)
	}
	return found
}

// MetadataMarks lists the marks among labels and annotations, such as commonMetadata.
func MetadataMarks(where string, metadata *yaml.Node) []Mark { return marksOf(where, metadata) }

// patchMetadata returns what a patch sets of an object's metadata.
func patchMetadata(doc *yaml.Node) *yaml.Node {
	if doc.Kind != yaml.SequenceNode {
		return node.Get(doc, "metadata")
	}
	fields := map[string]*yaml.Node{"annotations": node.Map(), "labels": node.Map()}
	for _, op := range doc.Content {
		field, key, _ := strings.Cut(strings.TrimPrefix(node.Text(op, "path"), "/metadata/"), "/")
		value := node.Get(op, "value")
		switch {
		case fields[field] == nil || value == nil:
		case key == "" && value.Kind == yaml.MappingNode:
			fields[field] = value
		default:
			node.Put(fields[field], strings.NewReplacer("~1", "/", "~0", "~").Replace(key), value)
		}
	}
	return node.Map("annotations", fields["annotations"], "labels", fields["labels"])
}
