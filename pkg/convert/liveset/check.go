package liveset

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/reread"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// Check compares what the ResourceSet makes of the samples with what static expansion
// made of them: the same objects, whatever their sources are called. The error says what
// differs.
func (s *Set) Check(set *object.Object, static []*object.Object) error {
	if err := Valid(set.Root); err != nil {
		return err
	}
	made, err := resourceset.Expand(s.trial(set), set.Namespace())
	if err != nil {
		return fmt.Errorf("flux-operator would not make the objects as they are: %w", err)
	}
	var roots []*yaml.Node
	for _, o := range static {
		roots = append(roots, o.Root)
	}
	return Same(made, roots)
}

// Same tells whether both sides hold the same objects, but for names of sources and for
// what only keeps the operator from deleting an object.
func Same(made, static []*yaml.Node) error {
	a, err := canonical(made)
	if err != nil {
		return err
	}
	b, err := canonical(static)
	if err != nil {
		return err
	}
	for _, name := range sorted(a, b) {
		x, y := a[name], b[name]
		kind, _, _ := strings.Cut(name, " ")
		switch {
		case isSource(kind) && (x == nil || y == nil):
			return fmt.Errorf("what an element says decides what becomes of the template: static expansion makes a %s in another way for one than for another", kind)
		case x == nil:
			return fmt.Errorf("static expansion makes %s, and the ResourceSet would not: what an element says decides what becomes of the template", name)
		case y == nil:
			return fmt.Errorf("the ResourceSet would make %s, and static expansion does not: what an element says decides what becomes of the template", name)
		default:
			if at := differs(x, y, ""); at != "" {
				return fmt.Errorf("what an element says decides what becomes of the template: %s of %s would not be the same for all", at, name)
			}
		}
	}
	return nil
}

func sorted(all ...map[string]*yaml.Node) (names []string) {
	for _, m := range all {
		for name := range m {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// canonical returns the objects by kind, namespace and name, with sources named by what
// they say.
func canonical(objects []*yaml.Node) (map[string]*yaml.Node, error) {
	names := map[flux.Ref]string{}
	var copies []*yaml.Node
	for _, root := range objects {
		text, err := reread.Text(root)
		if err != nil {
			return nil, err
		}
		made, err := yaml.Parse(text)
		if err != nil {
			return nil, errors.New("an object cannot be read again")
		}
		copies = append(copies, made.YNode())
		if ref := flux.ObjectRef(made.YNode(), ""); isSource(ref.Kind) {
			spec, _ := reread.Text(node.Map("spec", node.Get(made.YNode(), "spec")))
			names[ref] = object.Hash(spec)
		}
	}
	all := map[string]*yaml.Node{}
	for _, root := range copies {
		rename(root, node.Text(root, "metadata", "namespace"), names)
		annotations := node.At(root, "metadata", "annotations")
		if node.Remove(annotations, pruneKey); annotations != nil && len(annotations.Content) == 0 {
			node.Remove(node.Get(root, "metadata"), "annotations")
		}
		all[flux.ObjectRef(root, "").String()] = root
	}
	return all, nil
}

// rename gives sources, and references to them, their canonical names.
func rename(n *yaml.Node, namespace string, names map[flux.Ref]string) {
	if n.Kind == yaml.MappingNode {
		holder := n
		if node.Get(n, "metadata") != nil {
			holder = node.Get(n, "metadata")
		}
		ref := flux.Ref{Kind: node.Text(n, "kind"), Namespace: namespace, Name: node.Text(holder, "name")}
		if own := node.Text(holder, "namespace"); own != "" {
			ref.Namespace = own
		}
		if name, ok := names[ref]; ok {
			node.Put(holder, "name", node.String(name))
		}
	}
	for _, child := range n.Content {
		rename(child, namespace, names)
	}
}

// differs returns the path of the first value that is not the same, or "".
func differs(a, b *yaml.Node, at string) string {
	switch {
	case strings.HasSuffix(at, ".patch") && samePatch(a, b):
		return ""
	case a == nil || b == nil || a.Kind != b.Kind || a.ShortTag() != b.ShortTag() || a.Value != b.Value:
		return orWhole(at)
	case a.Kind == yaml.MappingNode:
		for _, n := range []*yaml.Node{a, b} {
			for i := 0; i+1 < len(n.Content); i += 2 {
				key := n.Content[i].Value
				if found := differs(node.Get(a, key), node.Get(b, key), ledger.Key(at, key)); found != "" {
					return found
				}
			}
		}
		return ""
	case len(a.Content) != len(b.Content):
		return orWhole(at)
	}
	for i := range a.Content {
		if found := differs(a.Content[i], b.Content[i], ledger.Index(at, i)); found != "" {
			return found
		}
	}
	return ""
}

// samePatch tells whether two texts of patches are the same YAML.
func samePatch(a, b *yaml.Node) bool {
	if node.Null(a) || node.Null(b) {
		return false
	}
	x, errX := yaml.Parse(a.Value)
	y, errY := yaml.Parse(b.Value)
	return errX == nil && errY == nil && differs(x.YNode(), y.YNode(), "") == ""
}

func orWhole(at string) string {
	if at == "" {
		return "all"
	}
	return at
}
