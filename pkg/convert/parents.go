package convert

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/owner"
)

// A parent is a Kustomization whose path holds other objects of the input.
type parent struct {
	applier     *applier
	dir, target string // path and targetNamespace
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
	p := &parent{applier: a, dir: k.Path(), target: k.TargetNamespace(), components: k.Components()}
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
	target := node.Get(item, "target")
	if node.Empty(target) {
		var patch yaml.Node
		if yaml.Unmarshal([]byte(node.Text(item, "patch")), &patch) != nil || len(patch.Content) == 0 {
			return e, false
		}
		root := patch.Content[0]
		e.kind, e.name = literally(node.Text(root, "kind")), literally(node.Text(root, "metadata", "name"))
		return e, flux.Ours(node.Text(root, "apiVersion"))
	}
	if group := node.Text(target, "group"); group != "" && !strings.Contains(group, "fluxcd") {
		return e, false
	}
	kind := node.Text(target, "kind")
	if kind == "" && node.Text(target, "group") == "" {
		return e, false // a patch for everything, such as one of metadata
	}
	e.kind, e.name = anchored(kind), anchored(node.Text(target, "name"))
	return e, e.kind != nil && (e.kind.MatchString(flux.Kustomization.Name) || e.kind.MatchString(flux.HelmRelease.Name))
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
func (p *parent) Source() flux.Ref { return p.applier.source }

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
}

// parentOf returns the Kustomization that applies the objects of a file, or nil where
// there is none or more than one may.
func (s *survey) parentOf(file string) *parent {
	if owners := s.claims.Owners(file); len(owners) == 1 {
		return owners[0].(*parent)
	}
	return nil
}

// adopt tells every applier and source what the Kustomization above does to it.
func (s *survey) adopt() {
	for _, a := range s.appliers {
		p := s.parentOf(a.file)
		if p == nil || p.applier == a {
			continue
		}
		p.applier.children = append(p.applier.children, a)
		a.parent = p
	}
}

// namespaceOf returns the namespace of an object as a cluster has it: a targetNamespace
// wins over what the object says (kustomize's namespace transformer).
func (s *survey) namespaceOf(file, own string) string {
	if p := s.parentOf(file); p != nil && p.target != "" {
		return p.target
	}
	return orElse(own, s.options.Namespace)
}

// findings is what there is to say of an applier's parent and children.
func (a *applier) findings() (found []mapping.Finding) {
	if len(a.children) > 0 {
		found = append(found, mapping.Finding{Path: "spec.path", Verdict: lost("flux-of-flux", fmt.Sprintf(
			"holds Flux objects of the input (%s), which Argo CD would apply as such: commit the converted ones in their place, then allow the sync", few(a.children)), true)})
	}
	if a.parent == nil {
		return found
	}
	above := a.parent.applier.Ref
	if a.parent.target != "" {
		found = append(found, mapping.Finding{Path: "metadata.namespace", Verdict: mapping.Verdict{
			ID: "parent-namespace", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: fmt.Sprintf(
				"%q, the targetNamespace of %s, whose path holds the file", a.parent.target, above)},
		}})
	}
	for _, e := range a.parent.edits {
		if e.selects(a.Ref) {
			found = append(found, mapping.Finding{Path: "spec", Verdict: lost("parent-edits", fmt.Sprintf(
				"%s, whose path holds the file, changes this object by %s, which was not applied here: convert behind it, as with flux build, or write the change into the object", above, e.at), true)})
		}
	}
	return found
}

func lost(id, note string, blocking bool) mapping.Verdict {
	v := lostOrder(id, note)
	v.Blocking = blocking
	return v
}

// few names the first of many objects.
func few(all []*applier) string {
	var names []string
	for _, a := range all[:min(len(all), 3)] {
		names = append(names, a.Kind+" "+a.Name)
	}
	if len(all) > len(names) {
		names = append(names, fmt.Sprintf("%d more", len(all)-len(names)))
	}
	return strings.Join(slices.Compact(names), ", ")
}
