package function

import (
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// A slot is the place of one input item in the output.
type slot struct {
	item      *yaml.RNode
	converted bool
	out       []*yaml.RNode // takes the item's place if converted; empty where it dissolves
}

func newSlot(item *yaml.RNode, o convert.Outcome) (slot, error) {
	s := slot{item: item, converted: o.Status == convert.Converted}
	if !s.converted {
		return s, nil
	}
	for _, out := range o.Out {
		node, err := yaml.Parse(string(out.Data))
		if err != nil {
			return slot{}, fmt.Errorf("internal error: %s %s: %w", out.Object.Kind, out.Object.Name, err)
		}
		s.out = append(s.out, bare(node))
	}
	return s, nil
}

// masked returns an item that passes, with placeholders in it where it is a Secret or a
// list of them. The item itself stays as it is, in case the function fails.
func masked(item *yaml.RNode) *yaml.RNode {
	hidden := item.Copy()
	if !secret.MaskAll(hidden.YNode()) {
		return item
	}
	return hidden
}

// bare returns the root of a document and keeps the comment above it, which an
// item of a list would lose.
func bare(document *yaml.RNode) *yaml.RNode {
	root := document.YNode()
	if comment := document.Document().HeadComment; comment != "" {
		root.HeadComment = comment
	}
	return yaml.NewRNode(root)
}
