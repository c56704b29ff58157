package convert

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/owner"
)

// A parent is a Kustomization whose path holds other objects of the input.
type parent struct {
	applier     *applier
	from        flux.Ref // its source, as it says
	dir, target string   // path and targetNamespace
	components  []string
	edits       []edit // what it changes of Flux objects
}

// An edit is a patch of a parent that selects Flux objects.
type edit struct {
	at         string
	kind, name *regexp.Regexp
}

// readParent returns what a Kustomization does to objects in its path.
func readParent(a *applier, k *flux.Applier) *parent {
	p := &parent{applier: a, from: a.source, dir: k.Path(), target: k.TargetNamespace(), components: k.Components()}
	for i, item := range node.Items(k.Root, "spec", "patches") {
		if e, ok := readEdit(item); ok {
			e.at = ledger.Index("spec.patches", i)
			p.edits = append(p.edits, e)
		}
	}
	for _, key := range []string{"namePrefix", "nameSuffix"} {
		if node.Text(k.Spec(), key) != "" {
			p.edits = append(p.edits, edit{at: "spec." + key})
		}
	}
	return p
}

// readEdit reads what a patch selects. Without a target its text names the object.
func readEdit(item *yaml.Node) (e edit, ok bool) {
	if target := node.Get(item, "target"); !node.Empty(target) {
		return selector(target)
	}
	return editIn(node.Text(item, "patch"))
}

// editIn reads a patch that names its object.
func editIn(text string) (e edit, ok bool) {
	var patch yaml.Node
	if yaml.Unmarshal([]byte(text), &patch) != nil || len(patch.Content) == 0 {
		return e, false
	}
	return editOf(patch.Content[0])
}

// editOf returns the edit of a patch that names its object.
func editOf(patch *yaml.Node) (e edit, ok bool) {
	e.kind, e.name = literally(node.Text(patch, "kind")), literally(node.Text(patch, "metadata", "name"))
	return e, flux.Ours(node.Text(patch, "apiVersion"))
}

// selector returns the edit of a patch for all that target selects.
func selector(target *yaml.Node) (e edit, ok bool) {
	if group := node.Text(target, "group"); group != "" && !strings.Contains(group, "fluxcd") {
		return e, false
	}
	kind := node.Text(target, "kind")
	if kind == "" && node.Text(target, "group") == "" {
		return e, false // a patch for everything, such as one of metadata
	}
	e.kind, e.name = anchored(kind), anchored(node.Text(target, "name"))
	return e, e.kind != nil && slices.ContainsFunc(flux.Kinds(), func(k object.Kind) bool { return e.kind.MatchString(k.Name) })
}

func literally(text string) *regexp.Regexp { return anchored(regexp.QuoteMeta(text)) }

// anchored compiles a selector as kustomize does (api/types/selector.go); an empty
// one matches all.
func anchored(expression string) *regexp.Regexp {
	if expression == "" {
		expression = ".*"
	}
	re, err := regexp.Compile("^(?:" + expression + ")$")
	if err != nil {
		return nil
	}
	return re
}

func (e edit) selects(r flux.Ref) bool {
	return (e.kind == nil || e.kind.MatchString(r.Kind)) && (e.name == nil || e.name.MatchString(r.Name))
}

// Dir implements owner.Layer. One that applies a whole repository tells nothing: the
// input may be of any.
func (p *parent) Dir() (dir string, ok bool) {
	dir = strings.Trim(path.Clean("/"+p.dir), "/")
	return dir, dir != "" && !strings.Contains(dir, "${")
}

// Source implements owner.Layer.
func (p *parent) Source() flux.Ref { return p.from }

// File implements owner.Layer.
func (p *parent) File() string { return p.applier.file }

// Components implements owner.Layer.
func (p *parent) Components() []string { return p.components }

// claim finds out which Kustomization applies what of the input.
func (s *survey) claim(docs []*document.Doc) {
	var layers []owner.Layer
	for _, a := range s.appliers {
		if a.asParent != nil {
			layers = append(layers, a.asParent)
		}
	}
	s.claims = owner.New(layers, owner.Files(docs))
	s.overlay(docs)
}

// parentsOf returns the Kustomizations that apply the objects of a file. Those of
// different sources may mean different repositories, so that nobody knows which it is.
func (s *survey) parentsOf(file string) (parents []*parent) {
	for _, owner := range s.claims.Owners(file) {
		p := owner.(*parent)
		if len(parents) > 0 && p.from != parents[0].from {
			return nil
		}
		parents = append(parents, p)
	}
	return parents
}

// adopt tells every applier and source what the Kustomizations above do to it.
func (s *survey) adopt() {
	for _, a := range s.appliers {
		for _, p := range s.parentsOf(a.file) {
			if p.applier != a {
				p.applier.children = append(p.applier.children, a)
				a.parents = append(a.parents, p)
			}
		}
	}
	for _, e := range s.entries {
		for _, p := range s.parentsOf(e.File) {
			for _, edit := range p.edits {
				s.change(e, edit, edit.at+" of "+p.applier.String())
			}
		}
	}
}

// change remembers that an edit changes a source. A new name changes nothing of it.
func (s *survey) change(e *flux.Entry, by edit, at string) {
	if by.kind != nil && by.selects(e.Ref) {
		s.edited[e] = append(s.edited[e], at)
	}
}

// namespaceOf returns the namespace of an object as a cluster has it: a targetNamespace
// wins over what the object says (kustomize's namespace transformer).
func (s *survey) namespaceOf(file, own string) string {
	return orElse(targetOf(s.parentsOf(file)), orElse(own, s.options.Namespace))
}

// targetOf returns the targetNamespace of all parents, or nothing where they differ.
func targetOf(parents []*parent) (target string) {
	for i, p := range parents {
		if i > 0 && p.target != target {
			return ""
		}
		target = p.target
	}
	return target
}
